"""A gallery that another server searches: the same answers through HTTP, and refusals that say what to do."""

import json
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

import stnet.search.__main__ as command
from stnet.gallery.manifest import GalleryError
from stnet.search import SearchEngine, SearchError
from stnet.search.opening import open_gallery
from stnet.search.query import EMPTY_QUERY
from stnet.search.remote.gallery import TOKEN, UNREACHABLE, RemoteGallery
from stnet.search.sharding.engine import NOBODY, ShardedEngine
from stnet.serve.router import Router
from tests.answers import everything
from tests.galleries import drawing, load, make_gallery
from tests.http_router import listening
from tests.shards import cut

SECRET = "long enough for a token"


@pytest.fixture(scope="module")
def folder(tiny_checkpoint, tmp_path_factory):
    return make_gallery(tmp_path_factory.mktemp("remote"), tiny_checkpoint, count=12)


@pytest.fixture(scope="module")
def local(tiny_checkpoint, folder):
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


@pytest.fixture(scope="module")
def shards(folder):
    return cut(folder, 2, folder.with_name("shards"))


@pytest.fixture(scope="module")
def address(tiny_checkpoint, local, shards):
    engine = ShardedEngine(load(tiny_checkpoint), shards, folder=Path("shards"), patience=20.0, deadline=60.0)
    local.calibrate()
    engine.calibration.keep(local.calibration.known())
    with listening(Router(engine, SECRET)) as there:
        yield there


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv(TOKEN, SECRET)


@pytest.fixture
def engine(tiny_checkpoint, address):
    made = SearchEngine.from_pretrained(tiny_checkpoint, address, "cpu")
    yield made
    made.gallery.close()


def transparent():
    """A drawing on nothing, as a page's canvas is."""
    return Image.merge(
        "RGBA", [*Image.new("RGB", (120, 100)).split(), drawing().convert("L").point(lambda v: 255 - v)]
    )


@pytest.mark.parametrize(
    "query",
    [
        {"sketch": drawing(), "text": "a red one", "top_k": 3, "balance": 0.25},
        {"sketch": transparent(), "several": True, "exclude": "at night"},
        {"text": "a red one", "unlike": ["photo-03.png"], "exhaustive": True},
        {"sketch": drawing(), "guess": False},
    ],
    ids=["both", "several", "unlike", "no guess"],
)
def test_the_answer_is_that_of_this_machine(engine, local, query):
    assert everything(engine.search(**query)) == everything(local.search(**query))


def test_a_path_is_read_here_and_only_here(engine, local, tmp_path):
    drawing().save(tmp_path / "drawing.png")
    here = engine.search(tmp_path / "drawing.png", None, 3)
    assert everything(here) == everything(local.search(drawing(), None, 3))


def test_likeness_and_guesses_too(engine, local, tmp_path):
    picture = local.search(text="red").results[0].picture
    for query in (
        {"id": "photo-05.png", "region": (0.1, 0.1, 0.6, 0.7)},
        {"image": picture, "text": "night"},
    ):
        assert everything(engine.similar(**query)) == everything(local.similar(**query))
    assert engine.guess(drawing()) == local.guess(drawing())


def test_a_gallery_of_this_machine_and_one_elsewhere_share_a_model(engine, local, address):
    near = engine.on(local.gallery)
    assert everything(near.search(text="red")) == everything(local.search(text="red"))
    far = local.on(open_gallery(address))
    assert (far.gallery.name, len(far.gallery)) == ("gallery", 12)
    assert everything(far.search(text="red")) == everything(local.search(text="red"))
    far.calibrate()  # that is the server's business
    far.gallery.close()


def test_the_command_line_searches_there(address, tiny_checkpoint, folder, capsys):
    options = ["--text", "red", "--json", "--checkpoint", str(tiny_checkpoint), "--gallery"]
    answers = []
    for gallery in (address, str(folder)):
        assert command.main([*options, gallery]) == 0
        answers.append(json.loads(capsys.readouterr().out))
        del answers[-1]["timings_ms"]
    assert answers[0] == answers[1]
    assert command.main([*options, address, "--system", "average"]) == 2
    assert "--system reads the files of a gallery" in capsys.readouterr().err


def test_refusals_arrive_as_they_are(engine, tmp_path):
    with pytest.raises(SearchError, match=EMPTY_QUERY):
        engine.search()
    with pytest.raises(SearchError, match="from 1 to 50, got 51"):
        engine.search(text="red", top_k=51)
    (tmp_path / "bad.png").write_bytes(b"nothing")
    with pytest.raises(SearchError, match=r"The sketch .*bad\.png can't be read"):
        engine.search(tmp_path / "bad.png")
    with pytest.raises(TypeError, match="colour"):
        engine.search(text="red", colour="red")


def test_what_is_missing_is_named_and_nobody_is_told(engine, shards, capsys, tiny_checkpoint, address):
    shards[0].fails = {"scores", "manifest"}
    assert engine.search(text="red").missing == (0,)
    assert command.main(["--text", "red", "--checkpoint", str(tiny_checkpoint), "--gallery", address]) == 0
    assert "a part of the gallery gives no answer just now (shard 0)" in capsys.readouterr().out
    shards[1].fails = {"scores", "manifest"}
    with pytest.raises(SearchError, match=NOBODY):
        engine.search(text="red")
    shards[0].fails = shards[1].fails = set()
    for _ in iter(partial(missing, engine), ()):
        pass


def missing(engine):
    try:
        return engine.search(text="red").missing
    except SearchError:
        return None


@pytest.mark.parametrize("wrong", ["", "another token, as long"])
def test_without_the_token_nothing_is_told(address, monkeypatch, wrong):
    monkeypatch.setenv(TOKEN, wrong)
    with pytest.raises(GalleryError, match=f"refuses the token: set {TOKEN}"):
        RemoteGallery.connect(address)


def test_a_server_that_is_not_there_is_said_to_be(address, engine):
    for wrong in ("ray://", "ray://127.0.0.1:1/path"):
        with pytest.raises(GalleryError, match="Expected ray://host:port"):
            open_gallery(wrong)
    with pytest.raises(GalleryError, match="can't be opened: " + UNREACHABLE):
        open_gallery("ray://127.0.0.1:1")
