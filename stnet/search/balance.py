"""How much a query's sketch counts against its words, where it has both."""

from typing import NamedTuple

import torch
from torch import Tensor


class Halves(NamedTuple):
    """h_S and h_T of one query, each (D,), or the neutral vectors that stand in for them."""

    sketch: Tensor
    text: Tensor


def balanced(halves: Halves, neutral: Halves, balance: float) -> Halves:
    """Take weight from one half: on a straight line to the neutral vector that stands for "nothing said".

    Above 0 the words fade, below 0 the sketch does, and with it the attention that it guides. At both ends
    the faded half is the neutral vector to the last bit, so that the other one is searched as if it were
    alone; at 0 nothing changes.

    Args:
        balance: from -1, words alone, by 0, the paper's score, to 1, sketch alone.
    """
    sketch = torch.lerp(neutral.sketch, halves.sketch, 1 + min(balance, 0.0))
    text = torch.lerp(neutral.text, halves.text, 1 - max(balance, 0.0))
    return Halves(sketch, text)
