"""Behind a reverse proxy under a path of its site, as docs/deploy.md has it: every address has that path."""

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.e2e.plain_http import ask, call_search

if TYPE_CHECKING:
    from stnet.search import SearchEngine

PREFIX = "/pictures"


class Proxy(BaseHTTPRequestHandler):
    """What nginx does with proxy_pass: the prefix is taken off, the host and scheme are told."""

    behind = ""

    def log_message(self, *arguments: object) -> None:
        """Keep the test's output clean."""

    def do_POST(self) -> None:
        self._pass(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        self._pass(None)

    def _pass(self, body: bytes | None) -> None:
        if not self.path.startswith(f"{PREFIX}/"):
            self.send_error(404)
            return
        told = {"X-Forwarded-Host": self.headers["Host"], "X-Forwarded-Proto": "http"}
        kept = {name: value for name, value in self.headers.items() if name.lower() == "content-type"}
        connection = http.client.HTTPConnection(self.behind, timeout=60)
        connection.request(self.command, self.path.removeprefix(PREFIX), body, kept | told)
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()


@pytest.fixture(scope="module")
def proxied(engine: "SearchEngine") -> Iterator[str]:
    """The page's address on the proxy."""
    from webapp.page import build, launch_options
    from webapp.search_service import Answerer

    page = build(Answerer(engine))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ROOT_PATH", PREFIX)
        options = launch_options()
        _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **options)
    Proxy.behind = urlsplit(address).netloc
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{proxy.server_port}{PREFIX}"
        proxy.shutdown()
        thread.join()
    page.close()


def test_the_page_and_its_pictures_lie_under_the_path(proxied: str) -> None:
    site = proxied.removesuffix(PREFIX)
    page = ask(site, f"{PREFIX}/")
    assert page.status == 200
    assert json.loads(ask(site, f"{PREFIX}/config").body)["root"] == proxied
    kind, value = call_search(site, [None, "a red one", 3], PREFIX)
    assert kind == "complete", value
    for result in value[0]["results"]:
        assert result["image"].startswith(f"{proxied}/gradio_api/file=")
        assert ask(site, result["image"].removeprefix(site)).status == 200


def test_no_other_file_is_served_under_the_path(proxied: str) -> None:
    site = proxied.removesuffix(PREFIX)
    for way in ("/etc/passwd", "http://127.0.0.1:9/", "..%2f..%2fapp.py"):
        assert ask(site, f"{PREFIX}/gradio_api/file={way}").status == 403
