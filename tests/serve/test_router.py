"""The server's endpoints: nothing without the token, and nothing but questions to the engine."""

import json

import pytest

from stnet.search.remote.wire import unpack_answer, unpack_gallery
from stnet.search.sharding.engine import ShardedEngine
from stnet.serve.router import MOST_BYTES, SHORTEST_TOKEN, Router, checked_token
from tests.galleries import load, make_gallery
from tests.shards import cut

SECRET = "x" * SHORTEST_TOKEN
KNOWN = f"Bearer {SECRET}"


@pytest.fixture(scope="module")
def router(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("router"), tiny_checkpoint, count=4)
    shards = cut(folder, 2, folder.with_name("shards"))
    engine = ShardedEngine(load(tiny_checkpoint), shards, folder=folder, patience=60.0, deadline=120.0)
    return Router(engine, SECRET)


@pytest.mark.parametrize("said", ["", "Bearer ", SECRET, f"Bearer {SECRET}x", "Bearer \u00e9"])
@pytest.mark.parametrize("path", ["/gallery", "/search", "/nothing"])
def test_whoever_has_no_token_hears_only_that(router, path, said):
    reply = router.answer(path, said, b"{}")
    assert (reply.status, reply.content) == (401, {"error": "This server needs a token"})


def test_a_token_that_can_be_guessed_is_refused():
    assert checked_token(SECRET) == SECRET
    with pytest.raises(ValueError, match="must have 16 letters or more"):
        checked_token(SECRET[1:])


def test_the_gallery_is_described(router):
    reply = router.answer("/gallery", KNOWN, b"")
    manifest = unpack_gallery(json.loads(json.dumps(reply.content)))
    assert (manifest.name, manifest.rows, manifest.grid) == ("gallery", 4, (4, 4))


def test_questions_are_answered(router):
    found = router.answer("/search", KNOWN, b'{"text": "red", "top_k": 2}')
    response = unpack_answer(json.loads(json.dumps(found.content)))
    assert (found.status, [result.rank for result in response.results]) == (200, [1, 2])
    like = router.answer("/similar", KNOWN, b'{"id": "photo-01.png"}')
    assert len(unpack_answer(like.content).results) == 3


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/search", b"\xff", "is not JSON"),
        ("/search", b"[]", "Expected an object with some of sketch, text"),
        ("/search", b'{"self": 1}', "Expected an object"),
        ("/search", b'{"text": 3}', "must be text"),
        ("/search", b'{"sketch": "/etc/passwd"}', "can't be read"),
        ("/similar", b'{"image": {"path": "/etc/passwd"}}', "must be a picture in base 64"),
        ("/similar", b'{"id": "nobody.png"}', "No picture of the gallery"),
        ("/search", b" " * (MOST_BYTES + 1), "is too large"),
    ],
)
def test_what_is_no_question_is_refused(router, path, body, said):
    reply = router.answer(path, KNOWN, body)
    assert reply.status == 400
    assert said in reply.content["error"]


def test_there_is_nothing_else(router):
    assert router.answer("/calibrate", KNOWN, b"{}").status == 404
