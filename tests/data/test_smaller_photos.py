"""Smaller copies of photos: the same boxes, captions and names; what is held out stays behind."""

import json

import numpy as np
import pytest
from PIL import Image

from stnet.data.photos import is_held_out, load_photos
from stnet.data.smaller_photos.__main__ import main

NAMES = [f"{number}.jpg" for number in range(40)]


@pytest.fixture
def photos(tmp_path):
    (tmp_path / "photos" / "images").mkdir(parents=True)
    rows = []
    for name in NAMES:
        Image.new("RGB", (300, 200), "navy").save(tmp_path / "photos" / "images" / name)
        objects = [{"category": "dog", "bbox": [30, 20, 150, 100]}]
        words = {"captions": ["a dog"], "labels": ["beagle"]}
        rows.append({"file": name, "width": 300, "height": 200, "objects": objects, **words})
    (tmp_path / "photos" / "photos.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return tmp_path / "photos"


def test_a_smaller_copy_says_the_same(photos, tmp_path, capsys):
    out = tmp_path / "small"
    assert main(["--photos", str(photos), "--out", str(out), "--side", "50"]) == 0
    kept = [photo for photo in load_photos(photos) if not photo.held_out]
    assert 0 < len(kept) < len(NAMES)  # some are held out by their name
    copies = load_photos(out)
    assert [photo.path.name for photo in copies] == [photo.path.name for photo in kept]
    assert not any(is_held_out(photo.path.name) for photo in copies)
    for photo, copy in zip(kept, copies, strict=True):
        assert copy.captions == photo.captions and copy.labels == photo.labels == ("beagle",)
        assert copy.objects[0].category == "dog"
        np.testing.assert_allclose(copy.objects[0].box, photo.objects[0].box, atol=1e-3)
        assert Image.open(copy.path).size == (75, 50)
    assert f"{len(kept)} photos in" in capsys.readouterr().out


def test_small_photos_are_not_enlarged(photos, tmp_path):
    assert main(["--photos", str(photos), "--out", str(tmp_path / "small"), "--side", "900"]) == 0
    assert {Image.open(photo.path).size for photo in load_photos(tmp_path / "small")} == {(300, 200)}


def test_what_is_there_is_not_touched(photos, tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    assert main(["--photos", str(photos), "--out", str(tmp_path / "full")]) == 2
    assert "is not empty: choose another folder" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_two_photos_of_one_name_are_refused(photos, tmp_path, capsys):
    listing = photos / "photos.jsonl"
    listing.write_text("\n".join(listing.read_text().splitlines() * 2))
    assert main(["--photos", str(photos), "--out", str(tmp_path / "small")]) == 2
    assert "two photos are called" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--side", "0"], ["--quality", "96"]])
def test_senseless_sizes_are_refused(photos, tmp_path, capsys, wrong):
    assert main(["--photos", str(photos), "--out", str(tmp_path / "small"), *wrong]) == 2
    assert "expected a side above 0 and a quality in 1..95" in capsys.readouterr().err


def test_a_copy_stays_on_its_side_of_the_split(tmp_path):
    # two folders hold files of the same names: the split is decided by folder and name together
    names = [f"{folder}/{number}.jpg" for folder in ("a", "b") for number in range(30)]
    rows = []
    for name in names:
        path = tmp_path / "photos" / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), "navy").save(path)
        rows.append(json.dumps({"file": name, "width": 20, "height": 20}))
    (tmp_path / "photos" / "photos.jsonl").write_text("\n".join(rows))
    assert main(["--photos", str(tmp_path / "photos"), "--out", str(tmp_path / "small")]) == 0
    copies = load_photos(tmp_path / "small")
    assert {photo.name for photo in copies} == {name for name in names if not is_held_out(name)}
    assert not any(photo.held_out for photo in copies)


def test_a_copy_is_upright_as_its_boxes_are(tmp_path):
    (tmp_path / "photos" / "images").mkdir(parents=True)
    turned = Image.new("RGB", (40, 20), "navy")
    exif = turned.getexif()
    exif[0x0112] = 6  # shown turned by a quarter: 20 x 40
    name = next(name for name in NAMES if not is_held_out(name))
    turned.save(tmp_path / "photos" / "images" / name, exif=exif)
    row = {"file": name, "width": 20, "height": 40, "objects": [{"category": "dog", "bbox": [0, 0, 20, 10]}]}
    (tmp_path / "photos" / "photos.jsonl").write_text(json.dumps(row))
    assert main(["--photos", str(tmp_path / "photos"), "--out", str(tmp_path / "small")]) == 0
    (copy,) = load_photos(tmp_path / "small")
    assert Image.open(copy.path).size == (20, 40)
    np.testing.assert_allclose(copy.objects[0].box, (0, 0, 1, 0.25), atol=1e-3)
