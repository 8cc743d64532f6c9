import io
import json
import os
from pathlib import Path

import pytest

from index_builder.sources.entry import SourceError, json_values
from index_builder.sources.folder import FolderSource
from index_builder.sources.opening import open_source
from stnet.gallery.manifest import MANIFEST_NAME
from tests.galleries import draw_photo


def test_a_folder_gives_its_pictures_in_order_of_their_paths(tmp_path):
    for name in [
        "b.PNG",
        "a/z.png",
        "a/b/c.webp",
        "a.jpg",
        "a.png",
        ".hidden.png",
        ".thumbs/x.png",
        "notes.txt",
    ]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not decoded here")
    source = open_source(str(tmp_path))
    assert isinstance(source, FolderSource)
    assert [entry.id for entry in source] == ["a/b/c.webp", "a/z.png", "a.jpg", "a.png", "b.PNG"]
    assert len(source) == 5
    assert source.name == tmp_path.name
    assert next(iter(source)).content == tmp_path / "a/b/c.webp"


def test_names_that_are_not_utf8_become_ids_all_the_same(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(b"x")
    (tmp_path / "café\n<b>.png").write_bytes(b"x")
    ids = {entry.id for entry in FolderSource(tmp_path)}
    assert ids == {"caf\\xe9.png", "café\n<b>.png"}
    assert all(id.encode() for id in ids)


def test_links_to_folders_are_not_followed(tmp_path):
    draw_photo(0).save(tmp_path / "a.png")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    draw_photo(1).save(tmp_path / "b.png")
    found = {entry.id: entry.problem for entry in FolderSource(tmp_path)}
    assert found.pop("loop").startswith("a link to a folder is not followed")
    assert found == {"a.png": None, "b.png": None}


PHOTO = io.BytesIO()
draw_photo(0).save(PHOTO, "JPEG")


def test_a_picture_is_told_by_its_suffix_or_its_first_bytes(tmp_path):
    for name in ("a.jfif", "b.JPE", "c", "d.jpg~", "e.part"):
        (tmp_path / name).write_bytes(PHOTO.getvalue())
    heic = b"\0\0\0\x18ftypheic" + bytes(20)
    for name in ("f.heic", "g.avif", "h.tif", "i.gif", "j.bmp", "k.jp2", "without-suffix-heic"):
        (tmp_path / name).write_bytes(heic)
    for name in ("notes.txt", "BMI.txt", "film.mov", "README", "empty"):
        (tmp_path / name).write_bytes({"BMI.txt": b"BMI is a number", "empty": b""}.get(name, b"words"))
    source = FolderSource(tmp_path)
    names = ["a.jfif", "b.JPE", "c", "d.jpg~", "e.part", "f.heic", "g.avif", "h.tif", "i.gif", "j.bmp"]
    assert [entry.id for entry in source] == [*names, "k.jp2", "without-suffix-heic"]
    assert source.others == {".txt": 2, ".mov": 1, "": 2}


def test_what_is_no_photo_for_us_is_named_with_its_reason(tmp_path):
    for name in ("a.DNG", "b.psd", "photo.png"):
        (tmp_path / name).write_bytes(b"x")
    os.mkfifo(tmp_path / "c.jpg")
    os.mkfifo(tmp_path / "without-suffix")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / MANIFEST_NAME).write_text('{"format": "stnet-gallery"}')
    (tmp_path / "d" / "images.parquet").write_bytes(b"x")
    source = FolderSource(tmp_path)
    assert {entry.id: entry.problem for entry in source if entry.problem} == {
        "a.DNG": "a camera's raw file is not read: export it as JPEG",
        "b.psd": "pictures of this kind (.psd) are not read",
        "c.jpg": "it is no file but a pipe or a device",
        "d": "it is a gallery, not a folder of photos",
    }
    assert (len(source), source.pictures) == (5, 1)


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A folder that can't be listed, whoever runs the tests (root may list anything)."""
    folder = tmp_path / "pictures" / "private"
    folder.mkdir(parents=True)
    scandir = os.scandir

    def refusing(path):
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refusing)
    return folder


def test_a_folder_that_can_not_be_read_is_named(locked):
    draw_photo(0).save(locked.parent / "a.png")
    found = {entry.id: entry.problem for entry in FolderSource(locked.parent)}
    assert found == {"a.png": None, "private": "the folder can't be read (Permission denied)"}
    with pytest.raises(SourceError, match=r"private can't be read: Permission denied"):
        FolderSource(locked)


def test_a_metadata_file_describes_pictures_of_its_folder(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.png", "in/b.png", "in/c.png"):
        (tmp_path / name).write_bytes(b"x")
    rows = [
        {"file_name": "b.png", "text": "a boat", "boxes": [[1, 2, 3, 4]]},
        {"file_name": "../a.png", "n": None},
    ]
    lines = "\n\n".join(json.dumps(row) for row in rows)
    (tmp_path / "in" / "metadata.jsonl").write_text(lines)
    found = {entry.id: entry.metadata for entry in FolderSource(tmp_path)}
    assert found == {"a.png": {}, "in/b.png": {"text": "a boat", "boxes": [[1, 2, 3, 4]]}, "in/c.png": {}}


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"text": "whose?"}', '{"file_name": 3}'])
def test_a_damaged_metadata_file_is_refused_with_its_line(tmp_path, line):
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "a.png"}\n' + line)
    with pytest.raises(
        SourceError, match=r"metadata\.jsonl, line 2: expected a JSON object with a file_name"
    ):
        FolderSource(tmp_path)


def test_only_what_json_holds_is_metadata():
    row = {"a": 1, "b": b"bytes", "c": float("nan"), "d": [1, "x"], "e": None, "f": {"g": True}}
    assert json_values(row) == {"a": 1, "d": [1, "x"], "f": {"g": True}}


def test_a_folder_without_pictures_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"no picture in .*looked for JPEG, .*found no file at all"):
        open_source(str(tmp_path))
    (tmp_path / "film.mov").write_bytes(b"x")
    with pytest.raises(SourceError, match=r"no picture in .*found 1 \.mov"):
        open_source(str(tmp_path))


@pytest.mark.parametrize("name", ["absent", "/absent/folder", "absent.parquet", "a/b/c"])
def test_what_is_no_source_is_refused(name):
    with pytest.raises(SourceError, match=f"There is no such source: {name}. Expected a folder"):
        open_source(name)


def test_a_file_that_is_not_parquet_is_refused(tmp_path):
    (tmp_path / "pictures.zip").write_bytes(b"x")
    with pytest.raises(SourceError, match="There is no such source"):
        open_source(str(tmp_path / "pictures.zip"))
