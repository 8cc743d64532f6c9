import io
import os
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from stnet.search import SearchResponse, SearchResult
from webapp.files.shelf import FileSet, PictureShelf


def jpeg(exif: bool = False, colour: str = "red") -> bytes:
    file = io.BytesIO()
    tags = Image.Exif()
    tags[0x010E] = "taken at home"
    Image.new("RGB", (32, 24), colour).save(file, format="JPEG", **({"exif": tags} if exif else {}))
    return file.getvalue()


def result(content: bytes, heatmap: bool = True) -> SearchResult:
    attention = np.full((2, 2), 0.25, dtype=np.float32) if heatmap else None
    boxes = ((0.1, 0.1, 0.9, 0.9),) if heatmap else ()
    return SearchResult(1, "../../etc/passwd", 0.5, 90.0, boxes, attention, 0.25, {}, content, "jpeg")


def response(*results: SearchResult) -> SearchResponse:
    values: dict[str, Any] = {"gallery_name": "g", "gallery_size": 2, "model": "m", "timings": {}}
    return SearchResponse("sketch", "", False, results=list(results), **values)


def test_pictures_are_served_as_they_are_stored() -> None:
    shelf = PictureShelf()
    answer = response(result(jpeg()))
    pictures, heatmaps = shelf.put(answer), shelf.put_heatmaps(answer)
    assert Path(pictures[0]).read_bytes() == jpeg()
    assert heatmaps[0] is not None
    assert Image.open(heatmaps[0]).size == (32, 24)
    assert Path(heatmaps[0]).read_bytes() != jpeg()


def test_files_lie_in_the_shelf_whatever_an_id_says() -> None:
    shelf = PictureShelf()
    answer = response(result(jpeg()))
    pictures, heatmaps = shelf.put(answer), shelf.put_heatmaps(answer)
    assert {Path(path).parent for path in (*pictures, *heatmaps) if path} == {shelf.folder}
    assert {*pictures, *heatmaps} == shelf.files


def test_exif_is_not_handed_out() -> None:
    shelf = PictureShelf()
    pictures = shelf.put(response(result(jpeg(exif=True))))
    assert b"taken at home" in jpeg(exif=True)
    assert b"taken at home" not in Path(pictures[0]).read_bytes()
    assert Image.open(pictures[0]).getpixel((5, 5)) == Image.open(io.BytesIO(jpeg())).getpixel((5, 5))


def test_without_a_heat_map_there_is_no_file() -> None:
    shelf = PictureShelf()
    assert shelf.put_heatmaps(response(result(jpeg(), heatmap=False))) == [None]


def test_the_same_picture_is_one_file() -> None:
    shelf = PictureShelf()
    pictures = shelf.put(response(result(jpeg()), result(jpeg()), result(jpeg(colour="blue"))))
    assert pictures[0] == pictures[1] != pictures[2]
    assert not list(shelf.folder.glob("tmp*"))


def test_a_picture_that_is_there_is_neither_read_nor_written_again(monkeypatch) -> None:
    shelf = PictureShelf()
    (path,) = shelf.put(response(result(jpeg())))
    os.utime(path, (0, 0))
    with monkeypatch.context() as patched:
        patched.setattr("webapp.files.shelf.Image.open", lambda *_, **__: pytest.fail("read again"))
        assert shelf.put(response(result(jpeg()))) == [path]
    assert time.time() - Path(path).stat().st_mtime < 60  # it stays for as long as a new one
    Path(path).unlink()  # Gradio deletes old ones, and says so later
    assert shelf.put(response(result(jpeg()))) == [path]
    assert Path(path).read_bytes() == jpeg()


def test_the_shelf_goes_with_its_owner() -> None:
    shelf = PictureShelf()
    shelf.put(response(result(jpeg())))
    folder = shelf.folder
    del shelf
    assert not folder.exists()


def test_files_can_be_added_while_others_are_walked_through() -> None:
    files = FileSet(str(number) for number in range(1000))
    stop = threading.Event()

    def add() -> None:
        number = 1000
        while not stop.is_set():
            files.add(str(number))
            number += 1

    adder = threading.Thread(target=add)
    adder.start()
    try:
        for _ in range(30):
            for _ in files:
                pass
    finally:
        stop.set()
        adder.join()
    files -= {"1"}
    assert "1" not in files
