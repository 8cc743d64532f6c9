"""A photo that lies on its side is the same picture to everybody who reads it: upright, as its boxes are."""

import json

import numpy as np
import pytest
from PIL import Image

from stnet.data.photos import is_held_out, load_photos, random_crop, read_photo
from stnet.data.scenes.pasting import cut_piece
from stnet.data.smaller_photos.copies import write_smaller
from stnet.pictures import open_picture, picture_to_rgb

RED, BLUE = (230, 20, 20), (20, 20, 230)
NAME = next(name for name in (f"{number}.jpg" for number in range(99)) if not is_held_out(name))


@pytest.fixture
def photo(tmp_path):
    """Upright it is 64 wide and 96 high, red above and blue below; the file holds it turned by a quarter."""
    pixels = np.full((96, 64, 3), BLUE, np.uint8)
    pixels[:48] = RED
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "images").mkdir()
    turned = Image.fromarray(pixels).transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / "images" / NAME, exif=exif, quality=95, subsampling=0)
    objects = [{"category": "lid", "bbox": [0, 0, 64, 48]}]
    row = {"file": NAME, "width": 64, "height": 96, "objects": objects}
    (tmp_path / "photos.jsonl").write_text(json.dumps(row))
    (found,) = load_photos(tmp_path)
    return found


def close(pixels, colour):
    return np.abs(np.asarray(pixels, np.int64) - colour).max() < 25


def test_training_and_serving_read_the_same_pixels(photo):
    served = picture_to_rgb(open_picture(photo.path))
    read = read_photo(photo.path)
    assert read.size == served.size == (64, 96)
    assert read.tobytes() == served.tobytes()
    assert read_photo(photo.path, reduce_to=32).size == (32, 48)


def test_a_box_holds_its_whole_object_in_a_crop(photo):
    for seed in range(8):
        rng = np.random.default_rng(seed)
        crop = random_crop(photo, 64, rng, smallest=0.9)
        x0, y0, x1, y1 = (round(edge * 64) for edge in crop.objects[0].box)
        inside = crop.pixels[y0 + 4 : y1 - 4, x0 + 4 : x1 - 4].astype(np.int64)
        below = crop.pixels[y1 + 4 :].astype(np.int64)
        assert (inside[..., 0] > inside[..., 2]).all()
        assert (below[..., 2] > below[..., 0]).all()


def test_a_pasted_piece_is_the_whole_object(photo):
    piece = cut_piece(photo, 0, np.random.default_rng(0))
    assert piece.pixels.shape == (48, 64, 3)
    assert close(piece.pixels[:-3], RED)


def test_a_smaller_copy_is_upright(photo, tmp_path):
    write_smaller([photo], tmp_path / "small", 32, 95)
    (copy,) = load_photos(tmp_path / "small")
    assert Image.open(copy.path).size == (32, 48)
    assert copy.objects[0].box == pytest.approx(photo.objects[0].box)
    assert close(read_photo(copy.path).crop((0, 0, 32, 20)), RED)
