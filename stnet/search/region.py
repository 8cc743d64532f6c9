"""A region of a gallery's picture as a query: what its patches show stands in for a drawing."""

from collections.abc import Sequence

import torch
from torch import Tensor

from stnet.boxes import Box
from stnet.search.results import SearchError

Region = Sequence[float]
LEAST_SIDE = 0.02  # of the picture: less is a click, not a region
SURROUNDINGS = 0.5  # of the picture's mean patch; docs/results/README.md has what it is worth


def check_region(region: object) -> Box:
    """x0, y0, x1, y1 of a region in 0..1 of the picture.

    Raises:
        SearchError: if it isn't four numbers in 0..1, or the region has no area.
    """
    numbers = list(region) if isinstance(region, list | tuple) else []
    real = all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers)
    if len(numbers) != 4 or not real or not all(0.0 <= number <= 1.0 for number in numbers):
        raise SearchError(
            f"The region must be four numbers x0, y0, x1, y1 from 0 to 1, got {str(region)[:80]}"
        )
    x0, y0, x1, y1 = (float(number) for number in numbers)
    if x1 - x0 < LEAST_SIDE or y1 - y0 < LEAST_SIDE:
        raise SearchError("The region is too small: drag a larger one on the picture")
    return x0, y0, x1, y1


def region_weights(region: Region, grid: tuple[int, int]) -> Tensor:
    """How much of the region lies on each patch: (rows * columns,), sums to 1.

    Args:
        region: x0, y0, x1, y1 in 0..1 with x0 < x1 and y0 < y1.
        grid: (rows, columns) of patches.
    """
    x0, y0, x1, y1 = region
    down, across = (_overlaps(*span, count) for span, count in (((y0, y1), grid[0]), ((x0, x1), grid[1])))
    weights = torch.outer(down, across).flatten()
    return weights / weights.sum()


def region_sketch(patches: Tensor, region: Region, grid: tuple[int, int]) -> Tensor:
    """What takes h_S's place: the mean of the patches in the region, less a share of the whole picture's.

    Every patch knows its surroundings: a plain mean asks for the place, too. (P, D) -> (D,)
    """
    mean = region_weights(region, grid).to(patches) @ patches.float()
    return mean - SURROUNDINGS * patches.float().mean(0)


def _overlaps(start: float, end: float, count: int) -> Tensor:
    """The length of start..end on each of `count` equal parts of 0..1: (count,)"""
    edges = torch.linspace(0, 1, count + 1)
    return (edges[1:].clamp_max(end) - edges[:-1].clamp_min(start)).clamp_min(0)
