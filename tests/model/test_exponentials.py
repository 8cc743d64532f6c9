"""e to many powers against the standard library's."""

import math

import numpy as np
import pytest

from stnet.compiling import Compiled
from stnet.model.exponentials import exponentials


def powered(values, run):
    """e to the values by `run`, compiled or not."""
    found = np.array(values, dtype=np.float32)
    powers = np.empty_like(found)
    with np.errstate(over="ignore"):
        run(found, powers, powers.view(np.int32))
    return found


@pytest.mark.parametrize("run", [Compiled(exponentials), exponentials], ids=["compiled", "plain"])
def test_they_are_the_exponentials(run):
    values = -np.concatenate([np.linspace(0, 87, 500), np.geomspace(1e-7, 1, 50), [math.log(2), 1.0]])
    exact = np.exp(values.astype(np.float32).astype(np.float64))
    wrong = np.abs(powered(values, run) / exact - 1)
    assert (
        wrong < 3e-7 - 1e-7 * values
    ).all()  # a float32 says less of where a far value is between two powers


@pytest.mark.parametrize("value", [-88.0, -1e30, -np.inf])
def test_what_is_nothing_is_next_to_nothing(value):
    found = powered([value, 0.0], Compiled(exponentials))
    assert 0 <= found[0] < 2e-38 and found[1] == pytest.approx(1.0)


def test_none_are_none():
    assert powered([], Compiled(exponentials)).shape == (0,)
