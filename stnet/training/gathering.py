"""Negatives from every process: pictures of all processes' batches, gradients included."""

import torch
from torch import Tensor


class _AllGather(torch.autograd.Function):
    """all_gather; backward, every process gets the sum of what all processes' losses say of its rows."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, local: Tensor) -> Tensor:
        parts = [torch.empty_like(local) for _ in range(torch.distributed.get_world_size())]
        torch.distributed.all_gather(parts, local)
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, gradient: Tensor) -> Tensor:
        gradient = gradient.contiguous()
        torch.distributed.all_reduce(gradient)
        return gradient.chunk(torch.distributed.get_world_size())[process_number()]


def process_number() -> int:
    """This process's number among those that train together, 0 if it is alone."""
    return torch.distributed.get_rank() if torch.distributed.is_initialized() else 0


def gather(local: Tensor) -> Tensor:
    """Rows of all processes in their order, (N, ...) -> (processes * N, ...); N is the same everywhere.

    Averaged over processes, as data-parallel training does, the gradient of a mean over local queries is that
    of the mean over all queries.
    """
    if not torch.distributed.is_initialized():
        return local
    return _AllGather.apply(local.contiguous())


def gather_rows(local: Tensor) -> Tensor:
    """The same where every process has its own number of rows: (N_p, ...) -> (sum of N_p, ...).

    Where every process then computes one and the same loss of all rows, averaging over processes gives
    exactly that loss's gradient.
    """
    if not torch.distributed.is_initialized():
        return local
    counts = gather(torch.tensor([len(local)], device=local.device)).tolist()
    padded = local.new_zeros(max(counts), *local.shape[1:])
    padded[: len(local)] = local
    parts = gather(padded).split(max(counts))
    return torch.cat([part[:count] for part, count in zip(parts, counts, strict=True)])
