"""A gallery that a server of shards searches (`python -m stnet.serve`), as its users know it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError
from stnet.search.remote.wire import pack_question, unpack_answer, unpack_gallery
from stnet.search.results import SearchError, SearchResponse

SCHEME = "ray://"
TOKEN = "STNET_TOKEN"
UNREACHABLE = "The server of this gallery can't be reached just now; try again in a moment."
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)  # seconds; a server ends its searches before


class RemoteGallery(Gallery):
    """What can be known of a gallery from afar. Its pictures and features are the server's alone."""

    is_here = False

    def __init__(self, address: str, client: httpx.Client) -> None:
        """Use `RemoteGallery.connect`."""
        self.folder = Path(address)
        self._address, self._client = address, client
        self.manifest = unpack_gallery(self._ask("gallery", {}))

    @classmethod
    def connect(cls, address: str) -> "RemoteGallery":
        """Ask a server what it serves.

        Args:
            address: ray://host:port. $STNET_TOKEN is the token that the server wants.

        Raises:
            GalleryError: if the address is none, nobody answers there, or the token is refused.
        """
        parts = urlsplit(address)
        if parts.scheme != "ray" or not parts.hostname or parts.path not in ("", "/"):
            raise GalleryError(f"Expected ray://host:port of a server of shards, got {address!r}")
        token = os.environ.get(TOKEN, "")
        # no proxy: the token is for that server alone
        client = httpx.Client(
            base_url=f"http://{parts.netloc}",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=_TIMEOUT,
            trust_env=False,
        )
        try:
            return cls(address, client)
        except ValueError as error:
            client.close()
            raise GalleryError(f"The gallery {address} can't be opened: {error}") from error

    def close(self) -> None:
        """Release the connections."""
        self._client.close()

    def ask(self, method: str, arguments: dict[str, Any]) -> SearchResponse:
        """What the server's engine answers to one of its methods, "search" or "similar".

        Raises:
            SearchError: as the engine does there; or if the server can't be reached.
        """
        return unpack_answer(self._ask(method, pack_question(arguments)))

    def _ask(self, what: str, content: dict[str, Any]) -> Any:
        try:
            answer = self._client.post(f"/{what}", json=content)
            said = answer.json() if answer.headers.get("content-type") == "application/json" else {}
        except (httpx.HTTPError, ValueError) as error:
            raise SearchError(UNREACHABLE) from error
        if answer.status_code == httpx.codes.OK:
            return said
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise SearchError(f"The server {self._address} refuses the token: set {TOKEN} to the server's")
        raise SearchError(str(said.get("error") or UNREACHABLE))
