import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from stnet.bare_pictures import without_metadata
from stnet.pictures import open_picture, picture_to_rgb

STRIPES = Image.fromarray(np.tile(np.arange(0, 240, 6, dtype=np.uint8), (20, 1)))


def encoded(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


PNG_CHUNKS = {
    "a text of an unknown method": chunk(b"zTXt", b"k\0\5x"),
    "a text with a wrong checksum": chunk(b"tEXt", b"k\0a")[:-1] + b"?",
    "a profile of an unknown method": chunk(b"iCCP", b"n\0\7x"),
    "a size that breaks off": chunk(b"pHYs", b"1"),
    "a gamma that breaks off": chunk(b"gAMA", b"1"),
    "colours that break off": chunk(b"cHRM", b"1"),
    "an intent that is missing": chunk(b"sRGB", b""),
    "a film that breaks off": chunk(b"acTL", b""),
}
JPEG_SEGMENTS = {
    "a profile that breaks off": segment(0xE2, b"ICC_PROFILE\0"),
    "colours that break off": segment(0xEE, b"Adobe"),
    "a head that breaks off": segment(0xE0, b"JFIF\0"),
    "filling before a remark": b"\xff\xff" + segment(0xFE, b"remark") + segment(0xE0, b"JFIF\0"),
}


@pytest.mark.parametrize("place", [33, -12], ids=["before the pixels", "after them"])
@pytest.mark.parametrize("damage", PNG_CHUNKS.values(), ids=PNG_CHUNKS)
def test_a_png_is_read_whatever_chunk_is_damaged(damage, place):
    given = encoded(STRIPES, "PNG")
    assert open_picture(given[:place] + damage + given[place:]).tobytes() == STRIPES.tobytes()


@pytest.mark.parametrize("damage", JPEG_SEGMENTS.values(), ids=JPEG_SEGMENTS)
def test_a_jpeg_is_read_whatever_segment_is_damaged(damage):
    given = encoded(STRIPES, "JPEG")
    assert open_picture(given[:2] + damage + given[2:]).tobytes() == open_picture(given).tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "YCbCr"])
def test_a_bare_jpeg_has_the_same_pixels(mode):
    given = encoded(STRIPES.convert("RGB").convert(mode), "JPEG", comment=b"hello", dpi=(300, 300))
    bare = without_metadata(given)
    assert b"hello" not in bare
    assert picture_to_rgb(open_picture(bare)).tobytes() == picture_to_rgb(open_picture(given)).tobytes()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0", b"\x89PNG\r\n\x1a\n\0\0", b"text"]
)
def test_what_breaks_off_breaks_off_here_too(content):
    assert len(without_metadata(content)) <= len(content)
