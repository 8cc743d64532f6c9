import io
import struct
import zlib

import pytest
from PIL import Image

from stnet.pictures import MAX_PIXELS, PictureError, open_picture


def encoded(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def png_header(width, height):
    """A PNG that claims a size and holds no pixel."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", 16) + b"IDAT"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_three_formats_open_from_bytes_and_paths(tmp_path, format):
    content = encoded(Image.new("RGB", (20, 10), "red"), format)
    path = tmp_path / "picture.dat"  # the name says nothing
    path.write_bytes(content)
    assert open_picture(content).size == open_picture(path).size == (20, 10)


def test_exif_rotation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    assert open_picture(encoded(Image.new("RGB", (20, 10)), "JPEG", exif=exif)).size == (10, 20)


def test_transparency_and_the_first_frame_are_kept():
    frames = [Image.new("RGBA", (8, 8), colour) for colour in ((255, 0, 0, 0), (0, 255, 0, 255))]
    content = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert open_picture(content).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is not a JPEG, PNG or WEBP picture"),
        (b"<html>not found</html>", "is not a JPEG, PNG or WEBP picture"),
        (encoded(Image.new("RGB", (8, 8)), "GIF"), "is not a JPEG, PNG or WEBP picture"),
        (encoded(Image.effect_noise((64, 64), 90), "JPEG")[:900], "can't be decoded"),
        (encoded(Image.effect_noise((64, 64), 90), "PNG")[:900], "can't be decoded"),
        (encoded(Image.effect_noise((64, 64), 90), "WEBP")[:900], "can't be decoded"),
        (png_header(10_000, 10_000), f"100,000,000 pixels .10000 x 10000., more than {MAX_PIXELS:,}"),
        (png_header(100_000, 100_000), f"it has more than {MAX_PIXELS:,} pixels"),
    ],
    ids=["empty", "html", "gif", "cut jpeg", "cut png", "cut webp", "large", "bomb"],
)
def test_anything_else_is_refused_with_the_reason(content, text):
    with pytest.raises(PictureError, match=text):
        open_picture(content)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(PictureError, match="there is no such file"):
        open_picture(tmp_path / "absent.png")
    with pytest.raises(PictureError, match="can't be decoded"):
        open_picture(tmp_path)
