"""Qt's resource files (.rcc): many small files in one, as `rcc --binary` writes them.

The layout, all numbers big-endian: "qres", the format's version, then where the tree, the data and the names
begin. A node of the tree: the place of its name, its flags, and for a folder how many children it has and the
first one's number, for a file four bytes about language and the place of its data.
"""

import struct
import zlib
from collections.abc import Iterator

_HEADER = struct.Struct(">4sIIII")
_NODE = struct.Struct(">IHII")
_COMPRESSED, _FOLDER, _ZSTANDARD = 1, 2, 4
_NODE_BYTES = {1: 14, 2: 22, 3: 22}  # since version 2 a node ends with the time of its last change


def read_resources(content: bytes) -> Iterator[tuple[str, bytes]]:
    """All files of a resource file, as path ("gcompris/src/a.webp") and content.

    Raises:
        ValueError: if it is no such file, of an unknown version, cut off, or compressed with Zstandard.
    """
    try:
        magic, version, tree, data, names = _HEADER.unpack_from(content)
        if magic != b"qres" or version not in _NODE_BYTES:
            raise ValueError(f"no Qt resources of version 1 to 3: it begins with {content[:8]!r}")
        yield from _files(content, (tree, data, names), _NODE_BYTES[version])
    except (struct.error, zlib.error, IndexError) as error:
        raise ValueError(f"damaged Qt resources: {error}") from error


def _files(content: bytes, places: tuple[int, int, int], node_bytes: int) -> Iterator[tuple[str, bytes]]:
    tree, data, names = places
    waiting, seen = [(0, "")], set()
    while waiting:
        number, folder = waiting.pop()
        if number in seen:
            raise ValueError("damaged Qt resources: a folder holds itself")
        seen.add(number)
        name_place, flags, first, second = _NODE.unpack_from(content, tree + number * node_bytes)
        path = f"{folder}/{_name(content, names + name_place)}" if number else ""
        if flags & _FOLDER:
            waiting += [(child, path) for child in range(second, second + first)]
        else:
            yield path.lstrip("/"), _data(content, data + second, flags)


def _name(content: bytes, place: int) -> str:
    (length,) = struct.unpack_from(">H", content, place)
    return content[place + 6 : place + 6 + 2 * length].decode("utf-16-be")  # after the length, a hash


def _data(content: bytes, place: int, flags: int) -> bytes:
    (length,) = struct.unpack_from(">I", content, place)
    found = content[place + 4 : place + 4 + length]
    if len(found) < length:
        raise ValueError("damaged Qt resources: the data is cut off")
    if flags & _ZSTANDARD:
        raise ValueError("these Qt resources are compressed with Zstandard, which is not supported")
    return zlib.decompress(found[4:]) if flags & _COMPRESSED else found
