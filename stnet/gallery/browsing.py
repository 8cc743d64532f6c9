"""The order in which a gallery is looked through: each page of it shows what the whole holds."""

from math import gcd, sqrt

import numpy as np

GOLDEN = (sqrt(5) - 1) / 2
NEAR = 12  # steps on each side that are tried


def browsing_order(total: int, offset: int, count: int) -> np.ndarray:
    """Places offset..offset + count of a fixed order of 0..total: int64 (N,), fewer at the end.

    Sources keep like beside like, in folders and by names. So the order goes through them in steps of the
    golden ratio, as near as a step can be that comes to every picture once: whatever was shown so far lies
    evenly over the whole (Weyl's sequence; the gaps have at most three lengths, Steinhaus's theorem).
    """
    numbers = np.arange(min(offset, total), min(offset + count, total), dtype=np.int64)
    return numbers * _step(total) % max(total, 1)


def _step(total: int) -> int:
    """Near the golden ratio's share of `total`, without a divisor in common with it."""
    ideal = total * GOLDEN
    near = range(max(1, round(ideal) - NEAR), round(ideal) + NEAR + 1)
    possible = [step for step in near if gcd(step, max(total, 1)) == 1]
    return min(possible, key=lambda step: (_unevenness(total, step), abs(step - ideal)), default=1)


def _unevenness(total: int, step: int) -> int:
    """The largest part of the continued fraction total / step: 1 is as even as steps can be."""
    largest = 1
    while step:
        part, rest = divmod(total, step)
        largest = max(largest, part if rest else part - 1)
        total, step = step, rest
    return largest
