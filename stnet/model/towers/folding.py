"""Batch norms folded into the convolutions before them: the same numbers with less work, to read alone."""

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from stnet.model.towers.efficientnet_lite import DepthwiseSeparable, EfficientNetLite, InvertedResidual

# convolution and batch norm of each kind of block, as they follow each other
_PAIRS: dict[type[nn.Module], tuple[tuple[str, str], ...]] = {
    EfficientNetLite: (("conv_stem", "bn1"), ("conv_head", "bn2")),
    DepthwiseSeparable: (("conv_dw", "bn1"), ("conv_pw", "bn2")),
    InvertedResidual: (("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")),
}


@torch.no_grad()
def fold_batch_norms(module: nn.Module) -> nn.Module:
    """Fold those of EfficientNet-Lite's blocks, in place; the module must be in evaluation mode.

    Its state dict is another one afterwards: fold what is only read.

    Raises:
        ValueError: if a batch norm still learns (the module is in training mode).
    """
    for block in list(module.modules()):
        for convolution, norm in _PAIRS.get(type(block), ()):
            layer, statistics = getattr(block, convolution), getattr(block, norm)
            if isinstance(statistics, nn.Identity):
                continue
            if statistics.training:
                raise ValueError("batch norms can be folded in evaluation mode only: call eval() first")
            setattr(block, convolution, fuse_conv_bn_eval(layer, statistics))
            setattr(block, norm, nn.Identity())
    return module
