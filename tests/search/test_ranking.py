from types import SimpleNamespace

import numpy as np
import pytest

from stnet.search import SearchError
from stnet.search.ranking import Best, pool_size, rank


class Pictures(SimpleNamespace):
    """As much of a gallery as ranking asks for."""

    def __len__(self):
        return self.size

    def id(self, row):
        return f"{row:03d}"


GALLERY = Pictures(size=10)


def test_the_best_come_first_and_equal_ones_by_their_ids():
    scores = np.array([0.2, 0.9, 0.5, 0.9, 0.1], dtype=np.float32)
    ranked = rank(GALLERY, np.array([8, 7, 5, 3, 1]), scores, 3)
    assert ranked.rows.tolist() == [3, 7, 5]
    assert ranked.scores.tolist() == pytest.approx([0.9, 0.9, 0.5])
    # of ten pictures, two score at least 0.9, three at least 0.5; what wasn't scored counts as lower
    assert ranked.percentiles.tolist() == [80.0, 80.0, 70.0]
    assert ranked.middle == pytest.approx(0.5)  # of all five, not of those that are shown
    assert ranked.best == Best(3, pytest.approx(0.9))


def test_of_no_picture_nothing_is_ranked():
    ranked = rank(GALLERY, np.empty(0, np.int64), np.empty(0, np.float32), 3)
    assert ranked.rows.size == ranked.percentiles.size == ranked.middle == 0


@pytest.mark.parametrize(
    ("candidates", "exhaustive", "size"),
    [(None, False, 10), (4, False, 5), (7, False, 7), (99, False, 10), (1, True, 10)],
)
def test_candidates_are_at_least_the_results_and_at_most_all(candidates, exhaustive, size):
    assert pool_size(candidates, 5, GALLERY, exhaustive=exhaustive) == size


def test_a_twentieth_of_a_large_gallery_is_scored():
    assert pool_size(None, 5, Pictures(size=100_000), exhaustive=False) == 5_000
    with pytest.raises(SearchError, match="positive whole number, got 0"):
        pool_size(0, 5, GALLERY, exhaustive=False)
