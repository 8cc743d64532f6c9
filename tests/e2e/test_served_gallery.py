"""What happens to a server when its galleries' files change under it: nothing, or one clear refusal."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stnet.gallery.manifest import PATCHES_NAME, PICTURES_NAME
from tests.e2e.plain_http import ask, call_search
from tests.galleries import load, make_gallery, make_photos

STEADY, CHANGING = "Steady", "Changing"


@pytest.fixture(scope="module")
def changing(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_gallery(tmp_path_factory.mktemp("changing"), tiny_checkpoint, count=6, name=CHANGING)


@pytest.fixture(scope="module")
def server(changing: Path, tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page around a gallery that nobody touches and one whose folder is changed."""
    from stnet.gallery.gallery import Gallery
    from stnet.search import SearchEngine
    from webapp.page import build, launch_options
    from webapp.search_service import Answerer

    steady = make_gallery(tmp_path_factory.mktemp("steady"), tiny_checkpoint, count=4, name=STEADY)
    engine = SearchEngine.from_pretrained(tiny_checkpoint, steady, "cpu")
    page = build(Answerer(engine, engine.on(Gallery.open(changing))))
    options = launch_options()
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **options)
    yield address.rstrip("/")
    page.close()


def search(server: str, gallery: str) -> tuple[str, Any]:
    """The kind of event that ends a search, and what it brings."""
    return call_search(server, [None, "a red one", 4, 0, gallery])


def ranking(server: str, gallery: str) -> list[tuple[str, float]]:
    kind, said = search(server, gallery)
    assert kind == "complete", said
    return [(result["id"], result["score"]) for result in said[0]["results"]]


@pytest.mark.parametrize("name", [PATCHES_NAME, PICTURES_NAME])
def test_a_file_that_is_cut_off_fails_what_needs_it_and_nothing_else(
    server: str, changing: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before, steady = ranking(server, CHANGING), ranking(server, STEADY)
    whole = (changing / name).read_bytes()
    os.truncate(changing / name, len(whole) // 16)
    for _ in range(3):
        kind, said = search(server, CHANGING)
        assert kind == "error"
        assert "A file of this gallery can't be read just now" in said["error"]
        assert str(changing) not in said["error"]  # the log says where
        assert ranking(server, STEADY) == steady
    assert "* A search failed: " in capfd.readouterr().err
    with (changing / name).open("r+b") as file:  # the same file, whole again
        file.write(whole)
    assert ranking(server, CHANGING) == before


def test_a_new_gallery_is_published_under_a_server_that_goes_on_with_the_old_one(
    server: str, changing: Path, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    from index_builder import build_gallery, open_source
    from stnet.gallery.gallery import Gallery

    before = search(server, CHANGING)[1][0]
    photos = make_photos(tmp_path / "photos", 9)
    for _ in range(2):
        build_gallery(
            open_source(str(photos)), load(tiny_checkpoint), changing, name=CHANGING, overwrite=True
        )
        after = search(server, CHANGING)[1][0]
        assert after["gallery"] == before["gallery"] == {"name": CHANGING, "size": 6}
        assert ranking(server, CHANGING) == [(result["id"], result["score"]) for result in before["results"]]
        for result in after["results"]:
            assert ask(server, result["image"].removeprefix(server)).status == 200
    opened = Gallery.open(changing)  # who starts now gets the new one
    assert len(opened) == 9
    opened.close()
