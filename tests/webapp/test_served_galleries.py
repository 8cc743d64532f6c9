"""The galleries of a server: measured before anybody comes, each with a name of its own, and renewed."""

from pathlib import Path

import pytest

from index_builder import BuildSettings, build_gallery, open_source
from index_builder.changing import remove_pictures
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError
from stnet.search import SearchEngine
from stnet.search.calibration import QUERY_MODES
from tests.galleries import drawing, load, make_gallery
from webapp.gallery_switch import YOURS
from webapp.search_service import Answerer


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> tuple[SearchEngine, ...]:
    first = make_gallery(tmp_path_factory.mktemp("first"), tiny_checkpoint, count=4, name="First")
    second = make_gallery(tmp_path_factory.mktemp("second"), tiny_checkpoint, count=6, name="Second")
    engine = SearchEngine.from_pretrained(tiny_checkpoint, first, "cpu")
    return engine, engine.on(Gallery.open(second))


def test_all_are_measured_before_the_first_visitor_comes(engines: tuple[SearchEngine, ...]) -> None:
    answerer = Answerer(*engines)
    answerer.calibrate()
    measured = answerer.engine.calibration.known().needed
    assert len(measured) == 2 * len(QUERY_MODES)


def test_what_an_earlier_start_measured_is_there_before_anything_is_computed(
    engines: tuple[SearchEngine, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STNET_CACHE", str(tmp_path))
    earlier = Answerer(*engines)
    earlier.recall()  # nothing was kept yet: nothing happens
    earlier.calibrate()
    first = SearchEngine(engines[0].loaded, engines[0].gallery)
    later = Answerer(first, first.on(engines[1].gallery))
    assert later.engine.calibration.known().needed == {}
    later.recall()
    assert later.engine.calibration.known().needed == earlier.engine.calibration.known().needed


def test_every_gallery_has_a_name_of_its_own(
    engines: tuple[SearchEngine, ...], tmp_path: Path, tiny_checkpoint: Path
) -> None:
    with pytest.raises(ValueError, match="The name 'First' is taken"):
        Answerer(*engines, engines[0])
    own = Gallery.open(make_gallery(tmp_path, tiny_checkpoint, count=1, name=YOURS))
    with pytest.raises(ValueError, match="The name 'Your photos' is taken"):
        Answerer(engines[0].on(own))


def test_a_gallery_that_was_replaced_is_taken_when_asked_for(tiny_checkpoint: Path, tmp_path: Path) -> None:
    folder = make_gallery(tmp_path, tiny_checkpoint, count=4, name="Photos")
    opened = Gallery.open(folder)
    answerer = Answerer(SearchEngine(load(tiny_checkpoint), opened))
    assert answerer.renew() == []
    remove_pictures(folder, ["photo-01.png"])
    before = answerer.search(drawing(), "a red one", 9).response
    assert len(before.results) == 4
    assert answerer.renew() == ["Photos"]
    after = answerer.search(drawing(), "a red one", 9).response
    assert [one.id for one in after.results] == [one.id for one in before.results if one.id != "photo-01.png"]
    assert (after.gallery_size, answerer.galleries) == (3, {"Photos": 3})
    assert answerer.engine.gallery is not opened
    opened.close()


def test_a_gallery_that_can_not_be_taken_leaves_the_old_one(tiny_checkpoint: Path, tmp_path: Path) -> None:
    folder = make_gallery(tmp_path, tiny_checkpoint, count=4, name="Photos")
    answerer = Answerer(SearchEngine(load(tiny_checkpoint), Gallery.open(folder)))
    settings = BuildSettings(limit=3)
    source = open_source(str(tmp_path / "photos"))
    build_gallery(source, load(tiny_checkpoint), folder, name="Other", overwrite=True, settings=settings)
    with pytest.raises(GalleryError, match="is called 'Other' now"):
        answerer.renew()
    assert len(answerer.search(None, "a red one", 9).response.results) == 4
