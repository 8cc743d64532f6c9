import errno
import io

import numpy as np
import pytest
from PIL import Image
from usearch.index import Index

from stnet.gallery.writing import save_index, store_picture
from tests.faults import Fault, run


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_a_stored_picture_is_bounded_and_says_nothing_of_its_maker(format):
    picture = Image.effect_noise((400, 100), 30).convert("RGB")
    picture.info |= {"exif": b"Exif\x00\x00secret place", "icc_profile": b"profile", "comment": b"by me"}
    stored = store_picture(picture, longest=64, format=format, quality=80)
    with Image.open(io.BytesIO(stored.content)) as opened:
        assert opened.format == format.upper()
        assert opened.size == (64, 16)
        assert not opened.getexif()
        assert "icc_profile" not in opened.info
        np.testing.assert_array_equal(np.asarray(opened.convert("RGB")), np.asarray(stored.pixels))
    assert b"secret" not in stored.content


def test_a_small_picture_keeps_its_size():
    assert store_picture(Image.new("RGB", (30, 20)), 64, "jpeg", 80).pixels.size == (30, 20)
    assert store_picture(Image.new("RGB", (5000, 2)), 64, "jpeg", 80).pixels.size == (64, 1)


def test_an_index_that_finds_no_room_is_an_error_of_the_disk(tmp_path):
    index = Index(ndim=16, metric="ip", dtype="f16")
    index.add(np.arange(500), np.eye(16, dtype=np.float32)[np.arange(500) % 16], threads=1)
    path = tmp_path / "index.usearch"
    outcome = run(lambda: save_index(index, path), tmp_path, Fault(error=errno.EFBIG, longest=10_000))
    assert isinstance(outcome.error, OSError)
    assert f"{path} can't be written" in str(outcome.error)
