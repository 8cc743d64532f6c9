import io
import sys

import pytest
from PIL import Image

from stnet.picture_kinds import READ_SUFFIXES, format_names, formats, is_picture
from stnet.pictures import PictureError, open_picture

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40)
SAVED = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp", "TIFF": ".tif"}


@pytest.mark.parametrize("format", SAVED)
def test_what_people_keep_photos_in_is_read(format):
    file = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(file, format)
    assert format in formats()
    assert SAVED[format] in READ_SUFFIXES
    assert open_picture(file.getvalue()).size == (20, 10)
    assert is_picture(file.getvalue()[:32]) or format == "BMP"  # too short a mark to be sure


@pytest.mark.parametrize("format", ["AVIF", "JPEG2000"])
def test_what_pillow_was_built_with_is_read(format):
    if format in formats():
        file = io.BytesIO()
        Image.new("RGB", (64, 32), "red").save(file, format)
        assert open_picture(file.getvalue()).size == (64, 32)
        assert is_picture(file.getvalue()[:32])
    else:
        assert format not in format_names()


def test_scripts_are_never_opened():
    assert not {"EPS", "PDF", "FITS", "WMF", "PSD"} & set(formats())
    with pytest.raises(PictureError, match="it is not a JPEG, PNG, WebP"):
        open_picture(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")


def test_who_brings_a_heic_photo_hears_what_lets_it_be_read(monkeypatch):
    formats.cache_clear()
    monkeypatch.setattr("stnet.picture_kinds.find_spec", lambda name: None)
    assert "HEIF" not in formats()
    with pytest.raises(PictureError, match="it is a HEIC photo: `pip install pillow-heif`"):
        open_picture(HEIC)
    formats.cache_clear()
    assert is_picture(HEIC[:32])
    assert "pillow_heif" not in sys.modules or "HEIF" in formats()


@pytest.mark.parametrize(
    "start", [b"", b"BM", b"words and words", b"RIFF1234WAVE", b"\0\0\0\x18ftypisom", b"\xff\xd8"]
)
def test_other_files_are_no_pictures(start):
    assert not is_picture(start)
