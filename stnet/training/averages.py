"""Means of losses and measures over the steps since the last line of the log."""

import math

import torch
from torch import Tensor


class Averages:
    """Adds up values on their device, without waiting for it, and averages them on demand.

    A measure that isn't a number at some step (nothing to measure: 0 / 0) doesn't count at that step.
    """

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, Tensor] = {}

    def add(self, values: dict[str, Tensor]) -> None:
        """One step's values, scalars by name."""
        for name, value in values.items():
            value = value.detach().float()
            known = ~value.isnan()
            self._sums[name] = self._sums.get(name, torch.zeros_like(value)) + torch.where(known, value, 0.0)
            self._counts[name] = self._counts.get(name, torch.zeros_like(known, dtype=torch.int64)) + known

    def take(self) -> dict[str, float | None]:
        """The means since the last call, None for what was never a finite number; then begin anew."""
        means: dict[str, float | None] = {}
        for name, total in self._sums.items():
            mean = float(total) / max(int(self._counts[name]), 1)
            means[name] = round(mean, 5) if int(self._counts[name]) and math.isfinite(mean) else None
        self._sums, self._counts = {}, {}
        return means
