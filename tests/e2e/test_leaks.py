"""Ways to files that are nobody's business: Gradio refuses them itself, and so does our guard without it."""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest

from tests.e2e.plain_http import ask
from webapp.files.guard import FileGuard, is_open

if TYPE_CHECKING:
    from stnet.search import SearchEngine

SECRET = b"nobody may read this"
UPS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..%5c", "..\\", "..;/", "....//", "%c0%ae%c0%ae/")
REFUSED = {400, 403, 404, 405, 422}


@pytest.fixture(scope="module")
def bare_server(engine: "SearchEngine") -> Iterator[str]:
    """The address of the same page without our guard: what Gradio does alone."""
    from webapp.page import build, launch_options
    from webapp.search_service import Answerer

    page, options = build(Answerer(engine)), launch_options()
    kept = [part for part in options["app_kwargs"]["middleware"] if part.cls is not FileGuard]
    assert len(kept) == len(options["app_kwargs"]["middleware"]) - 1
    options["app_kwargs"] = {"middleware": kept}
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **options)
    yield address.rstrip("/")
    page.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that the server could read, and that lies in no folder of which it hands anything out."""
    file = tmp_path / "secret.png"
    file.write_bytes(SECRET)
    return file


def ways(secret: Path, uploads: Path) -> list[str]:
    """What may stand behind file=: from nowhere, from within the folder that is served, in every encoding."""
    down = str(secret).lstrip("/")
    up = [step * 12 + down for step in UPS]
    inside = [f"{uploads}/{path}" for path in up]
    absolute = [str(secret), f"//{down}", f"/./{down}", quote(str(secret), safe=""), f"file://{secret}"]
    return [*absolute, *up, *inside, f"{uploads}/{quote(quote('../' * 12 + down, safe=''), safe='')}"]


def served_folder() -> Path:
    from gradio.utils import get_upload_folder

    return Path(get_upload_folder())


def test_gradio_alone_hands_out_no_file_of_the_server(bare_server: str, secret: Path) -> None:
    for way in ways(secret, served_folder()):
        answer = ask(bare_server, f"/gradio_api/file={way}".replace(" ", "%20"))
        assert SECRET not in answer.body, way
        assert answer.status in REFUSED, way


def test_the_guard_alone_lets_no_such_request_through(secret: Path) -> None:
    uploads = served_folder()
    let_through = [
        way for way in ways(secret, uploads) if is_open(f"/gradio_api/file={unquote(way)}", uploads)
    ]
    for way in let_through:  # names of files in the folder, however odd: nothing decodes them once more
        path = PurePosixPath(unquote(way))
        assert path.is_relative_to(uploads)
        assert ".." not in path.parts


def test_both_together_refuse_all(server: str, secret: Path) -> None:
    for way in ways(secret, served_folder()):
        answer = ask(server, f"/gradio_api/file={way}".replace(" ", "%20"))
        assert SECRET not in answer.body, way
        assert answer.status in REFUSED, way


@pytest.mark.parametrize("name", ["app.py", "page.py", ".git/config", "requirements.txt", "etc/passwd"])
@pytest.mark.parametrize("prefix", ["/static/", "/assets/", "/svelte/", "/theme.css/", "/custom_component/"])
def test_no_folder_that_is_served_leads_to_our_files(server: str, prefix: str, name: str) -> None:
    for step in UPS:
        answer = ask(server, f"{prefix}{step * 8}{name}")
        assert answer.status in REFUSED, step


def test_what_the_page_tells_of_itself_names_no_place_on_this_machine(
    server: str, tiny_gallery: Path
) -> None:
    for target in ("/config", "/gradio_api/info", "/", "/gradio_api/openapi.json"):
        said = ask(server, target).body.decode()
        assert str(tiny_gallery) not in said, target
        assert str(Path(__file__).resolve().parents[2]) not in said, target


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_is_written_or_deleted_by_its_path(server: str, secret: Path, method: str) -> None:
    for target in (f"/gradio_api/file={secret}", "/gradio_api/upload", f"/static/{secret}", "/config"):
        assert ask(server, target, method, b"x").status in REFUSED
    assert secret.read_bytes() == SECRET


def test_a_call_of_a_hidden_function_is_refused_or_harmless(server: str, secret: Path) -> None:
    """Functions of the page take what the page sends: a path of the caller's choice is never opened."""
    config = json.loads(ask(server, "/config").body)
    file = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    for function in config["dependencies"]:
        body = {"data": [file] * len(function["inputs"]), "fn_index": function["id"], "session_hash": "s"}
        answer = ask(
            server,
            "/gradio_api/run/predict",
            "POST",
            json.dumps(body).encode(),
            content_type="application/json",
        )
        assert SECRET not in answer.body
