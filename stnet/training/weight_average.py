"""A moving average of the weights (EMA): steadier than the last step's, and what a checkpoint may hold."""

import torch
from torch import Tensor, nn


class WeightAverage:
    """average <- d * average + (1 - d) * weights after every step, d = min(decay, (1 + step) / (10 + step)).

    The rising decay lets a short run forget its random start. Batch norms' running statistics are averaged
    like the weights that they belong to; counters are copied.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.weights = {name: value.detach().clone() for name, value in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Take in the weights after optimizer step number `step`, 1 or more."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, value in module.state_dict().items():
            if value.is_floating_point():
                self.weights[name].lerp_(value, 1 - decay)
            else:
                self.weights[name].copy_(value)

    def load(self, weights: dict[str, Tensor]) -> None:
        """Go on from the average of a killed run.

        Raises:
            ValueError: if it is of another module.
        """
        if weights.keys() != self.weights.keys():
            raise ValueError("its average is of other weights")
        for name, value in self.weights.items():
            value.copy_(weights[name])
