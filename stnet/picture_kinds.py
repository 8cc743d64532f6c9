"""Which files are pictures: by their first bytes, and by the end of their name."""

from functools import cache
from importlib.util import find_spec

from PIL import Image, features

# what Pillow calls them, and people do; neither scripts (EPS, WMF) nor formats that nobody keeps photos in
_NAMES = {
    "JPEG": "JPEG",
    "PNG": "PNG",
    "WEBP": "WebP",
    "GIF": "GIF",
    "BMP": "BMP",
    "TIFF": "TIFF",
    "JPEG2000": "JPEG 2000",
    "AVIF": "AVIF",
    "HEIF": "HEIC",
}
# Pillow has them where it was built with them
_FEATURES = {"JPEG2000": "jpg_2000", "AVIF": "avif"}
HEIC_ADVICE = "it is a HEIC photo: `pip install pillow-heif` lets it be read, or save it as JPEG"

READ_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".pjpeg", ".pjp", ".mpo", ".png", ".apng", ".webp", ".gif"),
    *(".bmp", ".dib", ".tif", ".tiff", ".jp2", ".j2k", ".jpf", ".jpx", ".avif", ".heic", ".heif", ".hif"),
)
RAW_SUFFIXES = (
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mos", ".mrw", ".nef"),
    *(".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
)
OTHER_SUFFIXES = (
    *(
        ".ai",
        ".cdr",
        ".dds",
        ".emf",
        ".eps",
        ".exr",
        ".fits",
        ".hdr",
        ".icns",
        ".ico",
        ".jxl",
        ".jxr",
        ".pbm",
    ),
    *(".pcx", ".pgm", ".pnm", ".ppm", ".psb", ".psd", ".svg", ".svgz", ".tga", ".wdp", ".wmf", ".xcf"),
)
# long enough to be no accident in a text
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"\0\0\0\x0cjP  ")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
START_LENGTH = 32  # bytes that the functions below want to see


@cache
def formats() -> tuple[str, ...]:
    """The formats that are opened, by Pillow's names."""
    Image.init()
    if find_spec("pillow_heif") is not None:
        from pillow_heif import register_heif_opener

        register_heif_opener()
    return tuple(
        name
        for name in _NAMES
        if name in Image.OPEN and (name not in _FEATURES or features.check(_FEATURES[name]))
    )


def format_names() -> str:
    """The same for people: "JPEG, PNG or WebP"."""
    names = [_NAMES[name] for name in formats()]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def is_heic(start: bytes) -> bool:
    """Whether a file that starts so is a photo as telephones take them."""
    return start[4:8] == b"ftyp" and start[8:12] in _HEIC_BRANDS


def is_picture(start: bytes) -> bool:
    """Whether a file that starts so is a picture, whatever its name."""
    film = start[4:8] == b"ftyp" and start[8:12] in (*_HEIC_BRANDS, *_AVIF_BRANDS)
    return film or start.startswith(_STARTS) or (start.startswith(b"RIFF") and start[8:12] == b"WEBP")
