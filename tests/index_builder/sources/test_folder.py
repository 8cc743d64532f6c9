import json
import os

import pytest

from index_builder.sources.entry import SourceError, json_values
from index_builder.sources.folder import FolderSource
from index_builder.sources.opening import open_source
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
    assert [entry.id for entry in FolderSource(tmp_path)] == ["a.png"]


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
    with pytest.raises(SourceError, match=r"There is no picture in .*looked for \.jpg"):
        open_source(str(tmp_path))


@pytest.mark.parametrize("name", ["absent", "/absent/folder", "absent.parquet", "a/b/c"])
def test_what_is_no_source_is_refused(name):
    with pytest.raises(SourceError, match=f"There is no such source: {name}. Expected a folder"):
        open_source(name)


def test_a_file_that_is_not_parquet_is_refused(tmp_path):
    (tmp_path / "pictures.zip").write_bytes(b"x")
    with pytest.raises(SourceError, match="There is no such source"):
        open_source(str(tmp_path / "pictures.zip"))
