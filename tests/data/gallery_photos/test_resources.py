"""Qt's resource files, made here byte by byte."""

import struct
import zlib

import pytest

from stnet.data.gallery_photos.resources import read_resources


def resources(files, version=2, flags=1):
    """A resource file with these files in one folder called "a"."""
    names, places = b"", []
    for name in ["a", *files]:
        places.append(len(names))
        names += struct.pack(">HI", len(name), 0) + name.encode("utf-16-be")
    data, nodes = b"", [(0, 2, 1, 1), (places[0], 2, len(files), 2)]
    for place, content in zip(places[1:], files.values(), strict=True):
        nodes.append((place, flags, 0, len(data)))
        packed = struct.pack(">I", len(content)) + zlib.compress(content) if flags & 1 else content
        data += struct.pack(">I", len(packed)) + packed
    tree = b"".join(struct.pack(">IHII", *node) + b"\0" * (8 if version > 1 else 0) for node in nodes)
    header = struct.pack(">4sIIII", b"qres", version, 20, 20 + len(tree), 20 + len(tree) + len(data))
    return header + tree + data + names


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("flags", [0, 1])
def test_files_come_out_with_their_paths(version, flags):
    files = {"README": b"text", "bild-ü.webp": bytes(range(256))}
    found = dict(read_resources(resources(files, version, flags)))
    assert found == {f"a/{name}": content for name, content in files.items()}


def test_what_is_no_resource_file_is_named_so():
    whole = resources({"b": b"content"}, flags=0)
    for content, said in [
        (b"PNG and something else", "no Qt resources"),
        (b"qr", "damaged"),
        (whole[: whole.index(b"content") + 3], "damaged"),
        (resources({"b": b"x"}, version=9), "no Qt resources"),
        (resources({"b": b"x"}, flags=4), "Zstandard"),
    ]:
        with pytest.raises(ValueError, match=said):
            list(read_resources(content))
