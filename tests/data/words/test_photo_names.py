"""What photo collections call a thing, and what people draw for it."""

import pytest

from stnet.data.words.photo_names import drawn_as, labelled_as

DRAWABLE = frozenset({"shark", "lion", "tiger", "mouse", "airplane", "car", "remote control"})


@pytest.mark.parametrize(
    ("label", "drawn"),
    [
        ("tiger shark", "shark"),
        ("lion", "lion"),
        ("airliner", "airplane"),
        ("remote_control", "remote control"),
        ("sports car", "car"),
        ("sea lion", None),
        ("freight car", None),
        ("mouse", None),
        ("tench", None),
        ("", None),
    ],
)
def test_a_label_is_drawn_as_its_last_words_unless_these_mislead(label, drawn):
    assert labelled_as(label, DRAWABLE) == drawn


def test_a_category_is_drawn_under_its_own_name_unless_people_call_it_otherwise():
    assert drawn_as("cat") == "cat" and drawn_as("sofa") == "couch" and drawn_as("mouse") is None
