"""Visitors' photos become galleries: by one function on the accelerator, and no copy stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine
from tests.galleries import draw_photo, make_gallery
from webapp.photos import Photo
from webapp.photos.indexing import PhotoIndexer

Encode = Callable[[list[Image.Image]], object]


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> list[Encode]:
    """The functions that the accelerator is lent to."""
    found: list[Encode] = []

    def lend(function: Encode) -> Encode:
        found.append(function)
        return function

    monkeypatch.setattr("webapp.photos.indexing.on_accelerator", lend)
    return found


def test_all_visitors_share_one_function_on_the_accelerator(
    lent: list[Encode], tiny_checkpoint: Path, tmp_path: Path
) -> None:
    demo = make_gallery(tmp_path, tiny_checkpoint, count=1)
    indexer = PhotoIndexer(SearchEngine.from_pretrained(tiny_checkpoint, demo, "cpu"))
    for visitor in ("anna", "ben"):
        copy = tmp_path / visitor / "upload" / "copy.png"
        copy.parent.mkdir(parents=True)
        draw_photo(0).save(copy)
        done: list[int] = []
        report = indexer.index([Photo("a.png", copy)], tmp_path / visitor, done.append)
        assert (report.indexed, done) == (1, [1])
        gallery = Gallery.open(tmp_path / visitor / "gallery")
        assert gallery.id(0) == "a.png"
        gallery.close()
        assert not copy.exists() and not any((tmp_path / visitor / "photos").iterdir())
    assert len(lent) == 1
