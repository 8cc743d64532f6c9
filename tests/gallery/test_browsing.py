import numpy as np
import pytest

from stnet.gallery.browsing import browsing_order


def test_a_known_order():
    # 8 / 1.618 is nearly 5, which has no divisor in common with 8
    assert browsing_order(8, 0, 8).tolist() == [0, 5, 2, 7, 4, 1, 6, 3]


def test_pages_together_show_every_picture_once():
    for total in range(1, 150):
        pages = [browsing_order(total, offset, 7) for offset in range(0, total, 7)]
        assert sorted(np.concatenate(pages).tolist()) == list(range(total))


def test_after_the_end_there_is_nothing():
    assert browsing_order(5, 3, 9).size == 2
    for total, offset in ((5, 5), (5, 10**15), (0, 0)):
        assert browsing_order(total, offset, 9).size == 0


@pytest.mark.parametrize("total", [200, 300, 386, 5_000, 1_000_003])
def test_whatever_was_shown_lies_evenly_over_the_whole(total):
    for shown in (6, 24, 100):
        places = np.sort(browsing_order(total, 0, shown))
        gaps = np.diff([*places, places[0] + total])
        assert gaps.max() <= 2.7 * total / shown  # the golden ratio itself: at most 1.618**2 of the mean
