"""Means of losses and measures over the steps since the last line of the log."""

import math
from collections.abc import Callable

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

    def take(self, over_processes: Callable[[Tensor], Tensor]) -> dict[str, float | None]:
        """The means since the last call, None for what was never a finite number; then begin anew.

        Args:
            over_processes: sums a tensor over all processes; they call this at the same step.
        """
        if not self._sums:
            return {}
        sums = torch.stack([*self._sums.values(), *(count.float() for count in self._counts.values())])
        totals, counts = over_processes(sums).chunk(2)
        means: dict[str, float | None] = {}
        for name, total, count in zip(self._sums, totals.tolist(), counts.tolist(), strict=True):
            means[name] = round(total / count, 5) if count and math.isfinite(total) else None
        self._sums, self._counts = {}, {}
        return means
