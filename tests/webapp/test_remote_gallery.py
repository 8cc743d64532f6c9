"""The page's way to an answer, where one of its galleries is searched by a server of shards."""

from pathlib import Path

import pytest

from stnet.search import SearchEngine, SearchError
from stnet.search.opening import open_gallery
from stnet.search.remote.gallery import TOKEN
from stnet.search.sharding.engine import ShardedEngine
from stnet.serve.router import Router
from tests.answers import everything
from tests.galleries import drawing, load, make_gallery
from tests.http_router import listening
from tests.shards import cut
from webapp.hunt.service import hunted
from webapp.search_service import Answerer

SECRET = "long enough for a token"


@pytest.fixture
def galleries(tiny_checkpoint, tmp_path, monkeypatch):
    """A gallery of this machine, and the address of another one."""
    monkeypatch.setenv(TOKEN, SECRET)
    folders = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        folders.append(make_gallery(tmp_path / name, tiny_checkpoint, count=6, name=name))
    shards = cut(folders[1], 2, tmp_path / "shards")
    model, folder = load(tiny_checkpoint), Path("shards")
    engine = ShardedEngine(model, shards, folder=folder, patience=60.0, deadline=120.0)
    engine.calibrate()
    with listening(Router(engine, SECRET)) as address:
        yield folders, address


def test_galleries_here_and_there_are_searched_alike(galleries, tiny_checkpoint):
    (here, there), address = galleries
    engine = SearchEngine.from_pretrained(tiny_checkpoint, here, "cpu")
    expected = engine.on(open_gallery(there))
    answerer = Answerer(engine, engine.on(open_gallery(address)))
    answerer.calibrate()
    assert answerer.galleries == {"here": 6, "there": 6}
    answer = answerer.search(drawing(), "red", 3, gallery="there")
    assert everything(answer.response) == everything(expected.search(drawing(), "red", 3))
    assert len(answer.pictures) == 3
    like = answerer.similar("photo-03.png", 3, gallery="there").response
    assert everything(like) == everything(expected.similar("photo-03.png", 3))
    assert answerer.search(drawing(), "red", 3).response.gallery_name == "here"


def test_what_goes_through_pictures_is_refused_there(galleries, tiny_checkpoint):
    (here, _), address = galleries
    engine = SearchEngine.from_pretrained(tiny_checkpoint, here, "cpu")
    answerer = Answerer(engine, engine.on(open_gallery(address)))
    with pytest.raises(SearchError, match="Other machines hold this gallery"):
        answerer.compare(None, "red", 3, ("stnet", "text-only"), gallery="there")
    with pytest.raises(SearchError, match="Other machines hold this gallery"):
        hunted(answerer, gallery="there")
    with pytest.raises(SearchError, match="nothing to filter by"):
        answerer.search(None, "red", 3, gallery="there", filters={"light": "night"})
    wall = answerer.browse(gallery="there").page
    assert (wall.pictures, wall.total, answerer.fields("there")) == ([], 0, [])
    assert answerer.renew() == []
    assert hunted(answerer).gallery == "here"
