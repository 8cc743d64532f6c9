import os
from pathlib import Path
from typing import Any

import pytest

from webapp.photos.choice import (
    COPY_PREFIX,
    MOST_COPY_BYTES,
    MOST_PHOTOS,
    Choice,
    LeftOut,
    forget_copies,
    read_choice,
)


def upload(uploads: Path, number: int = 0, content: bytes = b"picture") -> Path:
    """A file as Gradio stores it: in a folder of its own."""
    folder = uploads / f"folder-{number}"
    folder.mkdir(parents=True)
    file = folder / f"{COPY_PREFIX}{number}.jpg"
    file.write_bytes(content)
    return file


def photo(name: Any, file: Path) -> dict[str, Any]:
    return {"name": name, "file": {"path": str(file)}}


def test_photos_keep_their_names_and_those_of_one_name_are_told_apart(tmp_path: Path) -> None:
    files = [upload(tmp_path, number) for number in range(4)]
    names = ("image.jpg", "image.jpg", "image.jpg (2)", "élan & <b>.jpg")
    choice = read_choice({"photos": [photo(*pair) for pair in zip(names, files, strict=True)]}, tmp_path)
    assert [item.copy for item in choice.photos] == files
    assert [item.name for item in choice.photos] == [
        "image.jpg",
        "image.jpg (2)",
        "image.jpg (2) (2)",
        "élan & <b>.jpg",
    ]


def test_more_photos_than_fit_are_left_out_by_name(tmp_path: Path) -> None:
    file = upload(tmp_path)
    value = {"photos": [photo(f"{number}.jpg", file) for number in range(MOST_PHOTOS + 2)]}
    choice = read_choice(value, tmp_path)
    assert len(choice.photos) == MOST_PHOTOS
    assert [item.name for item in choice.left_out] == [f"{MOST_PHOTOS}.jpg", f"{MOST_PHOTOS + 1}.jpg"]
    assert str(MOST_PHOTOS) in choice.left_out[0].reason


def test_a_copy_that_is_too_large_or_didnt_arrive_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    good, large = upload(tmp_path, 0), upload(tmp_path, 1, bytes(MOST_COPY_BYTES + 1))
    missing = tmp_path / "gone" / "gone.jpg"
    value = {"photos": [photo("large", large), photo("missing", missing), photo("good", good)]}
    choice = read_choice(value | {"left_out": [{"name": "film.mp4", "reason": "no picture"}]}, tmp_path)
    assert [item.name for item in choice.photos] == ["good"]
    assert [item.name for item in choice.left_out] == ["film.mp4", "large", "missing"]
    assert choice.left_out[0] == LeftOut("film.mp4", "no picture")


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "http://example.org/a.jpg", 7, None])
def test_a_file_that_is_no_upload_is_refused(path: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="uploaded"):
        read_choice({"photos": [{"name": "a", "file": {"path": path}}]}, tmp_path)


@pytest.mark.parametrize("value", [None, "photos", [], {"photos": 3}, {"photos": ["a"]}, {"left_out": {}}])
def test_what_is_no_choice_is_refused(value: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Chosen photos are"):
        read_choice(value, tmp_path)


@pytest.mark.parametrize("name", [None, 3, "", "  ", ["a"]])
def test_a_photo_without_a_name_gets_one(name: Any, tmp_path: Path) -> None:
    choice = read_choice({"photos": [photo(name, upload(tmp_path))]}, tmp_path)
    assert choice.photos[0].name == "a photo"


def test_nothing_chosen_is_an_empty_choice(tmp_path: Path) -> None:
    assert read_choice({"photos": []}, tmp_path) == Choice(())


def test_forgotten_copies_are_deleted_and_nothing_else(tmp_path: Path) -> None:
    old, fresh = upload(tmp_path, 0), upload(tmp_path, 1)
    drawing = tmp_path / "folder-2" / "drawing.png"
    drawing.parent.mkdir()
    drawing.write_bytes(b"drawing")
    for file in (old, drawing):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    forget_copies(tmp_path, older_than=60)
    assert not old.parent.exists()
    assert fresh.exists()
    assert drawing.exists()
