"""Photos: listings that are read whole or refused by the line, and crops whose boxes move along."""

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from stnet.data.photos import Photo, PhotoObject, is_held_out, load_photos, random_crop


def write(folder, rows):
    (folder / "photos.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return folder


def row(**changes):
    objects = [{"category": "dog", "bbox": [20, 10, 40, 30]}]
    return {"file": "a.jpg", "width": 100, "height": 50, "objects": objects} | changes


def test_boxes_become_parts_of_the_picture(tmp_path):
    (photo,) = load_photos(write(tmp_path, [row(captions=["a dog", "outside"])]))
    assert photo.path == tmp_path / "images" / "a.jpg"
    assert photo.captions == ("a dog", "outside")
    (entry,) = photo.objects
    assert entry.category == "dog" and entry.box == pytest.approx((0.2, 0.2, 0.6, 0.8))


def test_boxes_are_cut_to_the_picture_and_empty_ones_left_out(tmp_path):
    boxes = [[-10, -10, 60, 30], [90, 40, 50, 50], [10, 10, 0, 5], [200, 0, 10, 10]]
    objects = [{"category": str(number), "bbox": box} for number, box in enumerate(boxes)]
    (photo,) = load_photos(write(tmp_path, [row(objects=objects)]))
    assert [entry.category for entry in photo.objects] == ["0", "1"]
    assert photo.objects[0].box == pytest.approx((0, 0, 0.5, 0.4))
    assert photo.objects[1].box == pytest.approx((0.9, 0.8, 1, 1))


def test_a_photo_may_have_no_objects(tmp_path):
    (photo,) = load_photos(write(tmp_path, [{"file": "b.jpg", "width": 3, "height": 4}]))
    assert photo.objects == () and photo.captions == ()


@pytest.mark.parametrize(
    "broken",
    [
        {"file": "a.jpg", "height": 50},
        row(width=0),
        row(width="wide"),
        row(objects=[{"category": "dog"}]),
        row(objects=[{"bbox": [1, 2, 3, 4]}]),
        row(objects=[{"category": "dog", "bbox": [1, 2, 3]}]),
        row(objects=None),
        row(objects=["dog"]),
        row(captions=3),
        ["a.jpg"],
        None,
    ],
)
def test_a_broken_line_is_named(tmp_path, broken):
    with pytest.raises(ValueError, match=r"photos\.jsonl, line 2: not a photo's description"):
        load_photos(write(tmp_path, [row(), broken]))


def test_a_line_that_is_no_json_is_named(tmp_path):
    (tmp_path / "photos.jsonl").write_text(json.dumps(row()) + "\n{'file'\n")
    with pytest.raises(ValueError, match="line 2"):
        load_photos(tmp_path)


def test_a_missing_listing_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"no photos in .*: expected photos\.jsonl beside images/"):
        load_photos(tmp_path)


def test_a_file_never_leaves_its_folder(tmp_path):
    for name in ("../secret.jpg", "/etc/passwd", "a/../../b.jpg"):
        with pytest.raises(ValueError, match="line 1"):
            load_photos(write(tmp_path, [row(file=name)]))


def test_about_a_seventh_is_held_out_for_ever():
    names = [f"{number:012d}.jpg" for number in range(4000)]
    share = sum(map(is_held_out, names)) / len(names)
    assert 0.13 < share < 0.17
    assert [name for name in names[:40] if is_held_out(name)] == [
        name for name in names[:40] if is_held_out(name)
    ]
    assert is_held_out("a", share=1.0) and not is_held_out("a", share=0.0)


@pytest.fixture
def photo(tmp_path):
    """A red rectangle on grey, and where it is."""
    picture = Image.new("RGB", (200, 120), (90, 90, 90))
    ImageDraw.Draw(picture).rectangle((60, 40, 139, 89), fill=(250, 30, 30))
    picture.save(tmp_path / "a.png")
    return Photo(tmp_path / "a.png", (PhotoObject("box", (0.3, 1 / 3, 0.7, 0.75)),), (), False)


def test_boxes_move_with_the_crop(photo):
    found = 0
    for seed in range(40):
        crop = random_crop(photo, 64, np.random.default_rng(seed))
        assert crop.pixels.shape == (64, 64, 3) and crop.pixels.dtype == np.uint8
        if not crop.objects:
            continue
        found += 1
        pixels = crop.pixels.astype(int)
        red = pixels[..., 0] - pixels[..., 1:].max(-1) > 40
        rows, columns = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
        seen = (columns[0] / 64, rows[0] / 64, (columns[-1] + 1) / 64, (rows[-1] + 1) / 64)
        assert crop.objects[0].box == pytest.approx(seen, abs=0.05)
    assert found > 20


def test_crops_differ_and_are_mirrored_half_of_the_time(photo, tmp_path):
    two = Image.new("RGB", (100, 100), "black")
    two.paste("white", (0, 0, 50, 100))
    two.save(tmp_path / "b.png")
    halves = Photo(tmp_path / "b.png", (), (), False)
    left = [
        random_crop(halves, 32, np.random.default_rng(seed), smallest=0.9).pixels[:, :8].mean() > 127
        for seed in range(40)
    ]
    assert 10 < sum(left) < 30
    again = [random_crop(photo, 32, np.random.default_rng(5)).pixels for _ in range(2)]
    assert np.array_equal(*again)


def test_what_is_mostly_cut_off_is_not_listed(photo):
    listed = [random_crop(photo, 32, np.random.default_rng(seed), keep=0.999).objects for seed in range(40)]
    assert 0 < sum(map(len, listed)) < 35
    everything = [
        random_crop(photo, 32, np.random.default_rng(seed), smallest=1.0).objects for seed in range(5)
    ]
    assert all(everything)


def test_pictures_of_any_mode_are_cropped(tmp_path):
    for mode, suffix in (("L", "png"), ("P", "png"), ("RGBA", "webp"), ("1", "png"), ("CMYK", "jpg")):
        path = tmp_path / f"{mode}.{suffix}"
        Image.new(mode, (40, 30)).save(path)
        assert random_crop(Photo(path, (), (), False), 32, np.random.default_rng(0)).pixels.shape == (
            32,
            32,
            3,
        )
