"""Emoji: things alone, of both sets, with their line drawings, and nothing withheld."""

import pytest

from stnet.data.pictograms.emoji import emoji_of
from tests.data.pictograms.shelf import EMPTY, FILLED, emoji, write_fluent, write_openmoji

ENTRIES = [
    emoji("1F98A", "fox face", "animals-nature", "animal-mammal"),
    emoji("1F528", "hammer"),
    emoji("1F993", "zebra", "animals-nature", "animal-mammal"),
    emoji("1F600", "grinning face", "smileys-emotion", "face-smiling"),
    emoji("1F550", "one o'clock", "travel-places", "time"),
    emoji("E010", "spatula", "extras-openmoji", "objects"),
    emoji("E011", "brand", "extras-openmoji", "brand"),
    emoji("1F3CC-1F3FB", "person golfing", "activities", "sport", skintone="1"),
]


def test_things_are_taken_from_both_sets(tmp_path):
    openmoji = write_openmoji(tmp_path / "openmoji", ENTRIES)
    fluent = write_fluent(tmp_path / "fluent", ["1f98a", "1f993"])
    cut_outs, lines = emoji_of(openmoji, fluent)
    assert [(one.name, one.category) for one in cut_outs] == [
        ("openmoji/1F98A", "fox"),
        ("fluent/1F98A", "fox"),
        ("openmoji/1F528", "hammer"),
        ("openmoji/E010", "spatula"),
    ]
    assert cut_outs[0].pixels[60, 60].tolist() == [0xD2, 0x2F, 0x27, 255]
    assert cut_outs[1].pixels[20, 20].tolist() == [0, 0, 255, 255]
    assert [name for name, _ in lines] == ["fox", "hammer", "spatula"]
    ink = lines[0][1]
    assert ink.shape == (128, 128) and ink[64, 64] == 0 and ink[64, 21] == 255


def test_a_variation_selector_in_the_code_is_no_other_emoji(tmp_path):
    openmoji = write_openmoji(tmp_path / "openmoji", [emoji("2702-FE0F", "scissors")])
    cut_outs, _ = emoji_of(openmoji, write_fluent(tmp_path / "fluent", ["2702"]))
    assert [one.name for one in cut_outs] == ["openmoji/2702-FE0F", "fluent/2702-FE0F"]


@pytest.mark.parametrize("line", [EMPTY, FILLED])
def test_what_is_empty_or_filled_is_no_line_drawing(tmp_path, line):
    openmoji = write_openmoji(tmp_path / "openmoji", ENTRIES[:1], line=line)
    cut_outs, lines = emoji_of(openmoji, tmp_path)
    assert len(cut_outs) == 1 and lines == []


def test_a_folder_that_is_no_package_is_named(tmp_path):
    with pytest.raises(ValueError, match="is no package of OpenMoji"):
        emoji_of(tmp_path, tmp_path)
