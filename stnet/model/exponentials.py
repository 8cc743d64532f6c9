"""e to many powers, for kernels: compiled into them, and eight at a time there."""

import math

import numpy as np

_LOG2_E = np.float32(1.4426950408889634)
_C0, _C1, _C2 = np.float32(0.99999990), np.float32(0.69315449), np.float32(0.24014182)
_C3, _C4, _C5 = np.float32(0.055860337), np.float32(0.0089495904), np.float32(0.0018937541)
_LEAST = np.float32(-87.0)  # e to this is the least that float32 holds in full


def exponentials(values: np.ndarray, powers: np.ndarray, bits: np.ndarray) -> None:
    """Replace each value, 0 or less, by e to its power; what is below -87 counts as -87.

    Of the power at most 3e-7 is wrong near 0, and 1e-7 more with each unit away from it.

    e^x = 2^n 2^f with n whole and 0 <= f < 1: 2^n is written into a number's exponent, 2^f is the
    polynomial of degree 5 through Chebyshev's points.

    Args:
        values: float32 (N,), written to.
        powers: float32 (N,), memory to work in.
        bits: the same memory as int32.
    """
    for n in range(values.shape[0]):
        power = max(values[n], _LEAST) * _LOG2_E
        whole = np.float32(math.floor(power))
        f = power - whole
        bits[n] = np.int32(whole + np.float32(127)) << 23
        value = _C5
        for c in (_C4, _C3, _C2, _C1, _C0):
            value = value * f + c
        values[n] = value
    for n in range(values.shape[0]):
        values[n] *= powers[n]
