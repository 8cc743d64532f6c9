import io
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from stnet.pictures import MAX_PIXELS, PictureError, eight_bits, open_picture, picture_to_rgb, upright


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
        (b"", "is not a JPEG, PNG, WebP"),
        (b"<html>not found</html>", "is not a JPEG, PNG, WebP"),
        (encoded(Image.new("RGB", (8, 8)), "TGA"), "is not a JPEG, PNG, WebP"),
        (encoded(Image.effect_noise((64, 64), 90), "JPEG")[:900], "can't be decoded"),
        (encoded(Image.effect_noise((64, 64), 90), "PNG")[:900], "can't be decoded"),
        (encoded(Image.effect_noise((64, 64), 90), "WEBP")[:900], "can't be decoded"),
        (png_header(10_000, 10_000), f"100,000,000 pixels .10000 x 10000., more than {MAX_PIXELS:,}"),
        (png_header(100_000, 100_000), f"it has more than {MAX_PIXELS:,} pixels"),
    ],
    ids=["empty", "html", "tga", "cut jpeg", "cut png", "cut webp", "large", "bomb"],
)
def test_anything_else_is_refused_with_the_reason(content, text):
    with pytest.raises(PictureError, match=text):
        open_picture(content)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(PictureError, match="there is no such file"):
        open_picture(tmp_path / "absent.png")
    with pytest.raises(PictureError, match="it is a folder"):
        open_picture(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")  # to open it would wait for ever
    with pytest.raises(PictureError, match="no file but a pipe"):
        open_picture(tmp_path / "pipe.png")


def test_a_file_of_somebody_else_is_refused_without_its_path(tmp_path, monkeypatch):
    path = tmp_path / "theirs.png"
    path.write_bytes(encoded(STRIPES, "PNG"))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("PIL.Image.open", refuse)
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(PictureError, match=r"^it can't be read \(Permission denied\)$"):
        open_picture(path)


def test_a_transparent_grey_of_sixteen_bits_is_transparent():
    values = np.array([[0, 20_000], [40_000, 40_000]], dtype=np.uint16)
    picture = Image.fromarray(values)
    picture.info["transparency"] = 40_000
    grey = eight_bits(picture)
    assert grey.mode == "LA"
    assert np.asarray(grey)[..., 1].tolist() == [[255, 255], [0, 0]]
    assert np.asarray(grey)[..., 0].tolist() == [[0, 127], [255, 255]]
    rgb = Image.new("RGB", (4, 4))
    assert eight_bits(rgb) is rgb


def exif_block(*entries, claimed=None):
    """EXIF as a camera writes it, little-endian: (tag, type, count, value) each, or damaged as they say."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, claimed or len(entries)) + body + struct.pack("<I", 0)


ORIENTED = (0x0112, 3, 1, 6)  # lying on its side
DAMAGED = {
    "cut off": exif_block(ORIENTED)[:11],
    "no TIFF": b"Exif\0\0" + b"?" * 40,
    "more entries claimed than there are": exif_block((0x0110, 2, 9_999, 5_000), claimed=60),
    "a number where a text belongs": exif_block((0x010F, 5, 1, 26), (0x0110, 2, 0, 0)),
    "an orientation of text": exif_block((0x0112, 2, 4, 0x41414141)),
    "an orientation that nobody has": exif_block((0x0112, 3, 1, 77)),
    "bytes": bytes(range(1, 60)),
}
STRIPES = Image.fromarray(np.tile(np.arange(0, 240, 6, dtype=np.uint8), (20, 1)))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.filterwarnings("ignore::UserWarning")  # where the test itself opens the file
@pytest.mark.parametrize("exif", DAMAGED.values(), ids=DAMAGED)
def test_damaged_exif_leaves_the_pixels_as_they_are(exif, format):
    given = encoded(STRIPES, format, exif=exif)
    opened = open_picture(given)
    assert opened.size == STRIPES.size
    plain = open_picture(encoded(STRIPES, format))
    assert picture_to_rgb(opened).tobytes() == picture_to_rgb(plain).tobytes()
    with Image.open(io.BytesIO(given)) as lazy:  # as a caller of the engine may send one
        assert picture_to_rgb(lazy).size == STRIPES.size


def test_an_orientation_is_followed_whatever_else_is_damaged():
    exif = exif_block(ORIENTED, (0x0132, 2, 9_999, 5_000))
    opened = open_picture(encoded(STRIPES, "JPEG", exif=exif))
    assert opened.size == STRIPES.size[::-1]
    assert upright(opened).size == opened.size  # it is turned once only
    assert picture_to_rgb(opened).size == opened.size


def test_a_picture_is_decoded_smaller_only_as_far_as_asked():
    large = encoded(Image.new("RGB", (400, 320)), "JPEG")
    assert open_picture(large, reduce_to=64).size == (100, 80)
    assert open_picture(large, reduce_to=300).size == open_picture(large).size == (400, 320)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_png_is_read_whatever_text_stands_beside_its_pixels(zipped):
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("scene", "a" * 3_000_000, zip=True)
    texts.add_text("document", "b" * 3_000_000, zip=zipped)
    opened = open_picture(encoded(STRIPES, "PNG", pnginfo=texts))
    assert opened.tobytes() == STRIPES.tobytes()
    assert opened.size == STRIPES.size


def test_a_png_is_read_whatever_its_colour_profile_weighs():
    opened = open_picture(encoded(STRIPES, "PNG", icc_profile=b"p" * 3_000_000))
    assert opened.tobytes() == STRIPES.tobytes()
