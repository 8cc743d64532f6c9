"""What is offered is what is served, each with a label and a sentence."""

import pytest

from stnet.systems.serving import SERVED
from webapp.compare.ranking import Column, Compared
from webapp.compare.wording import DOES, LABELS, offered, shared, used


def test_every_served_system_is_described():
    assert list(LABELS) == list(DOES) == list(SERVED)
    assert all(sentence.endswith(".") for sentence in DOES.values())
    assert len(set(LABELS.values())) == len(LABELS)


def test_a_checkpoint_that_names_nothing_has_no_two_stages():
    assert offered(can_name=True) == list(LABELS)
    assert not any(name.startswith("two-stage") for name in offered(can_name=False))


def test_words_are_what_words_only_asks_by():
    assert used(Column("text-only", None, ())) == "It asks by words: this query has none."


class Ids(Column):
    """A column of results that have nothing but an id."""

    @property
    def ids(self):
        return list(self.results)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("abc", "xyz", "None of the 3 pictures are in both lists."),
        ("abc", "cde", "1 of the 3 pictures is in both lists."),
        ("abc", "bca", "3 of the 3 pictures are in both lists."),
        ("", "abc", ""),
    ],
)
def test_how_many_both_found(first, second, said):
    columns = (Ids("stnet", "text", tuple(first)), Ids("average", "text", tuple(second)))
    assert shared(Compared("text", "red", False, "g", 9, "m", columns)) == said
