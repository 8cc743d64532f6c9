"""Clip art: every readable file about a thing, under what its name says, and nothing withheld."""

import pytest

from stnet.data.pictograms.clip_art import FOLDERS, LARGEST_FILE, ROOT, clip_art_of
from tests.data.pictograms.shelf import DISC, FILLED


@pytest.fixture
def package(tmp_path):
    for folder in FOLDERS:
        (tmp_path / ROOT / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / ROOT / folder / "thing_01.svg").write_text(DISC)
    return tmp_path


def test_every_file_is_a_picture_of_what_its_name_says(package):
    (package / ROOT / "animals/farfalla_02.svg").write_text(DISC)
    found = clip_art_of(package)
    assert [one.category for one in found] == ["butterfly", *("thing" for _ in FOLDERS)]
    assert len({one.name for one in found}) == len(found)
    found = [one for one in found if one.category == "thing"]
    assert found[0].name == "clip-art/animals/thing_01" and found[0].pixels.shape == (128, 128, 4)


def test_what_is_withheld_damaged_huge_or_a_whole_picture_is_left_out(package):
    animals = package / ROOT / "animals"
    (animals / "zebra_01.svg").write_text(DISC)
    (animals / "torn.svg").write_text("<svg")
    (animals / "huge.svg").write_text(DISC + " " * LARGEST_FILE)
    (animals / "scenery.svg").write_text(FILLED)
    assert [one.name for one in clip_art_of(package) if "/animals/" in one.name] == [
        "clip-art/animals/thing_01"
    ]


def test_another_package_is_named(tmp_path):
    with pytest.raises(ValueError, match="is not the package openclipart-svg"):
        clip_art_of(tmp_path)
