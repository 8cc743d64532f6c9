"""A picture file without what stands beside its pixels: texts, profiles, what a camera says."""

from collections.abc import Iterator

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
# chunks that a PNG's pixels depend on
_PNG_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_START_OF_SCAN = 0xDA
# segments without a length
_LONE_MARKERS = (0x01, *range(0xD0, 0xD9))
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_ADOBE = b"Adobe"  # its segment says how the colours are to be read
_ADOBE_LENGTH = 12


def without_metadata(content: bytes) -> bytes:
    """A PNG or JPEG with nothing but its pixels and what they need; any other content as it is."""
    if content.startswith(PNG_START):
        return b"".join(_bare_png(content))
    if content.startswith(JPEG_START):
        return b"".join(_bare_jpeg(content))
    return content


def _bare_png(content: bytes) -> Iterator[bytes]:
    yield PNG_START
    place = len(PNG_START)
    while place < len(content):
        # length, name and checksum: 4 bytes each
        end = place + 12 + int.from_bytes(content[place : place + 4])
        if content[place + 4 : place + 8] in _PNG_PIXELS:
            yield content[place:end]
        place = end


def _bare_jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    place = 2
    while place + 4 <= len(content):
        marker = content[place + 1]
        if content[place] != 0xFF or marker == _START_OF_SCAN:
            break
        if marker == 0xFF:  # filling
            place += 1
            continue
        end = place + 2
        if marker not in _LONE_MARKERS:
            end += int.from_bytes(content[place + 2 : place + 4])
        if not _is_beside(marker, content[place + 4 : end]):
            yield content[place:end]
        place = end
    yield content[place:]


def _is_beside(marker: int, body: bytes) -> bool:
    if body.startswith(_ADOBE):
        return len(body) < _ADOBE_LENGTH
    return marker in _APPLICATION or marker == _COMMENT
