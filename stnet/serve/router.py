"""What answers the pages: it checks the token, reads the question, and lets the engine search the shards."""

import hmac
import inspect
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from stnet.gallery.manifest import GalleryError
from stnet.search.engine import SearchEngine
from stnet.search.remote.gallery import TOKEN
from stnet.search.remote.wire import pack_answer, pack_gallery, unpack_question
from stnet.search.results import SearchError, SearchResponse
from stnet.search.sharding.engine import NOBODY, ShardedEngine

SHORTEST_TOKEN = 16
MOST_BYTES = 96 << 20  # of a question: a picture of 50 million pixels, and more
_METHODS: dict[str, Callable[..., SearchResponse]] = {
    "search": SearchEngine.search,
    "similar": SearchEngine.similar,
}


def checked_token(token: str) -> str:
    """The token, if it can't be guessed.

    Raises:
        ValueError: if it is shorter than SHORTEST_TOKEN.
    """
    if len(token) < SHORTEST_TOKEN:
        raise ValueError(
            f"{TOKEN} must have {SHORTEST_TOKEN} letters or more, here and for whoever searches; it has "
            f"{len(token)}. python -c 'import secrets; print(secrets.token_urlsafe())' makes one"
        )
    return token


class Reply(NamedTuple):
    """An HTTP status and what goes with it as JSON."""

    status: int
    content: dict[str, Any]


class Router:
    """The endpoints /gallery, /search and /similar of one engine. Threads may share it."""

    def __init__(self, engine: ShardedEngine, token: str) -> None:
        """`token`: what every caller must know, see `checked_token`."""
        self._engine, self._token = engine, checked_token(token)

    def answer(self, path: str, authorization: str, body: bytes) -> Reply:
        """Answer one request.

        Args:
            path: /gallery, /search or /similar.
            authorization: the request's header, "Bearer TOKEN".
            body: JSON, the arguments of `SearchEngine.search` or `similar` by name.
        """
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self._token}".encode()):
            return Reply(401, {"error": "This server needs a token"})
        name = path.strip("/")
        if name == "gallery":
            return Reply(200, pack_gallery(self._engine.gallery.manifest))
        if name not in _METHODS:
            return Reply(404, {"error": f"There is no {path[:80]!r} here"})
        try:
            return Reply(200, pack_answer(self._search(name, body)))
        except (SearchError, GalleryError) as error:
            return Reply(503 if str(error) == NOBODY else 400, {"error": str(error)})

    def _search(self, name: str, body: bytes) -> SearchResponse:
        if len(body) > MOST_BYTES:
            raise SearchError(f"The question is too large: {len(body):,} bytes, at most {MOST_BYTES:,}")
        try:
            sent = json.loads(body)
        except ValueError as error:
            raise SearchError(f"The question is not JSON: {error}") from error
        _, *names = inspect.signature(_METHODS[name]).parameters
        arguments = unpack_question(sent, names)
        method = self._engine.search if name == "search" else self._engine.similar
        return method(**arguments)
