"""Names of photo categories: what a text about such a thing must not say."""

import pytest

from stnet.data.words.naming import names_it, naming_words, nouns


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("two dogs on a beach", "dog"),
        ("a Puppy asleep", "dog"),
        ("a bulldog", "dog"),
        ("a sofa by the wall", "couch"),
        ("three men and a ball", "person"),
        ("a motorcyclist in the rain", "motorcycle"),
        ("a skier going down", "skis"),
        ("a television on a shelf", "tv"),
        ("red buses", "bus"),
    ],
)
def test_other_names_and_longer_words_name_it(text: str, category: str) -> None:
    assert names_it(text, category)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("a cat on a beach", "dog"),
        ("carrots and vegetables", "dining table"),
        ("on the left of a person", "car"),
        ("a dogged effort", "cat"),
        ("cattle on a hill", "cat"),
    ],
)
def test_other_words_do_not(text: str, category: str) -> None:
    assert not names_it(text, category)


def test_a_noun_can_stand_alone() -> None:
    assert "light" in nouns("traffic light") and "traffic" not in nouns("traffic light")
    assert {"traffic", "light"} <= naming_words("traffic light")
    assert {"television", "tv"} <= nouns("tv")  # what it is drawn as counts, too
    assert nouns("wombat") == naming_words("wombat") == {"wombat"}
