"""Networks that don't learn: a fast copy to read with, and a name for their weights."""

import copy
import hashlib
from typing import TypeVar

from torch import nn

from stnet.model.towers.folding import fold_batch_norms

Network = TypeVar("Network", bound=nn.Module)


def frozen(network: Network) -> Network:
    """A copy for reading alone: faster, its batch norms folded into its convolutions."""
    copied = copy.deepcopy(network).eval()
    fold_batch_norms(copied)
    return copied


def digest(module: nn.Module) -> str:
    """A name for the module's weights."""
    summed = hashlib.sha256()
    for value in module.state_dict().values():
        summed.update(value.numpy().tobytes())
    return summed.hexdigest()
