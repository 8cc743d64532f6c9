"""One server, several galleries: each is searched by its name, all with one model."""

from pathlib import Path
from typing import Any

import pytest

from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine, SearchError
from tests.galleries import drawing, make_gallery
from webapp.search_service import Answerer

SECOND = 'Blocks, "old" ones'


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> tuple[SearchEngine, ...]:
    first = make_gallery(tmp_path_factory.mktemp("first"), tiny_checkpoint, count=4, name="First")
    second = make_gallery(tmp_path_factory.mktemp("second"), tiny_checkpoint, count=6, name=SECOND)
    engine = SearchEngine.from_pretrained(tiny_checkpoint, first, "cpu")
    return engine, engine.on(Gallery.open(second))


@pytest.fixture
def answerer(engines: tuple[SearchEngine, ...]) -> Answerer:
    return Answerer(*engines)


def test_the_first_gallery_is_searched_unless_another_is_named(
    answerer: Answerer, engines: tuple[SearchEngine, ...]
) -> None:
    assert answerer.galleries == {"First": 4, SECOND: 6}
    for gallery, engine in ((None, engines[0]), ("First", engines[0]), (SECOND, engines[1])):
        found = answerer.search(drawing(), "a red one", 3, gallery=gallery).response
        expected = engine.search(drawing(), "a red one", 3)
        assert (found.gallery_name, found.gallery_size) == (engine.gallery.name, len(engine.gallery))
        assert [(one.id, one.score) for one in found.results] == [
            (one.id, one.score) for one in expected.results
        ]


@pytest.mark.parametrize("region", [None, (0.1, 0.2, 0.6, 0.9)])
def test_similar_pictures_are_of_the_same_gallery(answerer: Answerer, region: Any) -> None:
    found = answerer.similar("photo-05.png", 9, region, gallery=SECOND).response
    assert found.gallery_name == SECOND
    assert {one.id for one in found.results} == {f"photo-0{number}.png" for number in range(5)}
    with pytest.raises(SearchError, match="No picture of the gallery 'First'"):
        answerer.similar("photo-05.png", 9, region)


@pytest.mark.parametrize("name", ["Third", "", "first", 3, ["First"]])
def test_an_unknown_gallery_is_refused_with_those_that_there_are(answerer: Answerer, name: Any) -> None:
    for ask in (answerer.search, answerer.similar):
        with pytest.raises(
            SearchError, match=r"This server has no gallery .*; it has 'First', 'Blocks, \"old\" ones'"
        ):
            ask("photo-00.png" if ask == answerer.similar else None, "a red one", 3, gallery=name)  # type: ignore[operator]


def test_two_systems_rank_the_gallery_that_is_named(
    answerer: Answerer, engines: tuple[SearchEngine, ...]
) -> None:
    found = answerer.compare(drawing(), "a red one", 3, ("stnet", "text-only"), gallery=SECOND)
    first, second = found.compared.columns
    assert (found.compared.gallery_name, found.compared.gallery_size) == (SECOND, 6)
    assert first.ids == [one.id for one in engines[1].search(drawing(), "a red one", 3).results]
    assert [len(paths) for paths in found.pictures] == [3, 3]
    for column, paths in zip((first, second), found.pictures, strict=True):
        assert [Path(path).read_bytes() for path in paths] == [one.picture_bytes for one in column.results]
    with pytest.raises(SearchError, match="This server has no gallery 'Third'"):
        answerer.compare(None, "a red one", 3, ("stnet", "average"), gallery="Third")


def test_a_gallery_is_looked_through_without_a_query(answerer: Answerer) -> None:
    for gallery, name, size in ((None, "First", 4), (SECOND, SECOND, 6)):
        walls = [answerer.browse(offset, 4, gallery=gallery) for offset in (0, 4)]
        assert [wall.page.gallery_name for wall in walls] == [name] * 2
        shown = [picture for wall in walls for picture in wall.page.pictures]
        assert {picture.id for picture in shown} == {f"photo-0{number}.png" for number in range(size)}
        paths = [Path(path) for wall in walls for path in wall.pictures]
        assert [path.read_bytes() for path in paths] == [picture.picture_bytes for picture in shown]
        assert {path.parent for path in paths} == {answerer.shelf.folder}
    with pytest.raises(SearchError, match="This server has no gallery 'Third'"):
        answerer.browse(gallery="Third")
