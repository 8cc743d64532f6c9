"""What the split keeps from training is recognised by any of its names."""

import pytest

from stnet.data.categories import load_split
from stnet.data.pictograms.withheld import is_withheld, withheld_words


@pytest.mark.parametrize(
    "name",
    [
        "Zebra",
        "palm tree",
        "cherries",
        "cherry_blossom_01",
        "tennis",
        "crazy-kangaroo.02",
        "seahorse",
        "palmtree_b_01",
        "dente_01",
    ],
)
def test_a_withheld_thing_is_known_by_any_of_its_words(name):
    assert is_withheld(name, withheld_words())


@pytest.mark.parametrize("name", ["deciduous tree", "badminton racket", "toothbrush", "rockinghorse", ""])
def test_words_that_other_things_share_withhold_nothing(name):
    assert not is_withheld(name, withheld_words())


def test_every_unseen_name_is_withheld_and_of_the_seen_ones_what_is_shown_with_a_racket():
    split, words = load_split(), withheld_words()
    assert all(is_withheld(name, words) for name in split.unseen)
    assert [name for name in split.seen if is_withheld(name, words)] == ["tennis ball"]
