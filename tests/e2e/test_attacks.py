"""What has been tried on servers like this one, kind by kind: nothing leaks, nothing runs, nothing hangs."""

import gzip
import json
import resource
import struct
import time
import zlib
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.e2e.plain_http import Reply, ask, call_search, post, upload

SECRET = b"nobody may read this"
SERVED = ("/static/", "/assets/", "/svelte/", "/gradio_api/file=", "/gradio_api/file/", "/pwa_icon/")
STRANGERS = ("https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost.evil.example")
BOUND = 30  # seconds; a machine that does nothing else needs a tenth of one


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that the server could read, and that lies in no folder of which it hands anything out."""
    file = tmp_path / "secret.png"
    file.write_bytes(SECRET)
    return file


def sent(server: str, name: str, content: bytes) -> str:
    """The path under which an upload is served."""
    (path,) = json.loads(upload(server, name, content).body)
    return f"/gradio_api/file={quote(path)}"


def as_file(path: str) -> dict[str, object]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize("prefix", SERVED)
def test_no_path_leads_out_of_what_is_served(server: str, secret: Path, prefix: str) -> None:
    up = "../" * 20
    plain = [str(secret), f"/{secret}", f"{up}{secret}", str(secret).upper(), f"{secret}/", f"x/{up}{secret}"]
    within = urlsplit(sent(server, "a.png", b"x")).path.removeprefix("/gradio_api/file=")
    plain += [f"{within}/{up}{secret}", f"{Path(within).parent}/{up}{secret}"]
    for path in plain:
        for target in (
            path,
            quote(path),
            quote(path, safe=""),
            quote(quote(path, safe="")),
            path.replace("/", "\\"),
        ):
            answer = ask(server, prefix + target)
            assert SECRET not in answer.body
            assert answer.status in (400, 403, 404, 422), target


def test_no_component_hands_out_files(server: str, secret: Path) -> None:
    config = json.loads(ask(server, "/config").body)
    components = {part["component_class_id"] for part in config["components"]}
    assert components
    for component in components:
        for name in (
            quote(str(secret), safe=""),
            quote("../" * 20 + str(secret), safe=""),
            "..%2f..%2f..%2fpage.py",
        ):
            for kind in ("component", "..", quote("../..", safe="")):
                answer = ask(server, f"/gradio_api/custom_component/{component}/client/{kind}/{name}")
                assert answer.status in (403, 404), name
                assert SECRET not in answer.body


@pytest.mark.parametrize("door", ["run/search", "call/search"])
def test_no_file_of_the_server_is_taken_for_an_upload(server: str, secret: Path, door: str) -> None:
    for path in (str(secret), f"/tmp/../{secret}", f"//{secret}", str(secret).upper()):
        answer = post(server, f"/gradio_api/{door}", {"data": [as_file(path), "a red one", 1, 0]})
        body = answer.body
        if answer.status == 200:
            body = ask(server, f"/gradio_api/call/search/{json.loads(body)['event_id']}").body
            assert b"event: error" in body
        assert SECRET not in body
        assert b"score" not in body


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_page_from_elsewhere_reads_nothing_from_a_server_on_ones_own_machine(
    server: str, origin: str
) -> None:
    answers = [
        ask(server, "/config", origin=origin, cookie="access-token=guess"),
        ask(server, "/gradio_api/upload", "OPTIONS", origin=origin, access_control_request_method="POST"),
        upload(server, "a.png", b"x", origin=origin),
    ]
    assert all("access-control-allow-origin" not in answer.headers for answer in answers)
    assert all("set-cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize("origin", STRANGERS)
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_a_page_from_elsewhere_learns_nothing_by_what_browsers_send_unasked(
    server: str, origin: str, kind: str
) -> None:
    """Simple requests reach every server; this one knows nobody by a cookie, and lets nobody read."""
    body = json.dumps(
        {"data": [None, "a red one", 1, 0], "session_hash": "another's", "fn_index": 0}
    ).encode()
    for door in ("run/search", "call/search", "queue/join", "reset", "cancel", "component_server"):
        answer = ask(
            server,
            f"/gradio_api/{door}",
            "POST",
            body,
            origin=origin,
            cookie="access-token=guess; session=guess",
            content_type=kind,
        )
        assert "access-control-allow-origin" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_nobody_is_known_by_anything_but_the_session_that_its_page_made_up(server: str) -> None:
    """There is no account, password or token of which one could guess a part by the time it takes."""
    assert not json.loads(ask(server, "/config").body).get("auth_required")
    for target in ("/user", "/gradio_api/user", "/token", "/gradio_api/token", "/gradio_api/app_id"):
        answer = ask(server, target)
        assert b"token" not in answer.body.replace(b'"token":null', b"")
        assert answer.status in (200, 404)
    assert ask(server, "/login", "POST", b"username=admin&password=admin").status in (
        400,
        401,
        403,
        404,
        405,
        422,
    )


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "////evil.example/..",
        "/%2f%2fevil.example/",
        "/\\evil.example/",
        "/login?_target_url=//evil.example",
        "/logout?_target_url=//evil.example",
        "/login/huggingface?_target_url=//evil.example",
        "/login/callback?_target_url=https://evil.example",
        "/gradio_api//evil.example/",
        "/////evil.example/%2e%2e",
        "/%5cevil.example/",
        "/%09/evil.example/",
        "//evil.example/%2f..",
        "/config/?_target_url=//evil.example",
    ],
)
def test_nobody_is_led_elsewhere_or_logged_in(server: str, target: str) -> None:
    answer = ask(server, target)
    assert urlsplit(answer.headers.get("location", "")).netloc in ("", urlsplit(server).netloc)
    assert not answer.headers.get("location", "").startswith(("//", "/\\"))
    assert "max-age=0" in answer.headers.get("set-cookie", "max-age=0").lower()  # to log out forgets cookies


@pytest.mark.parametrize(
    "name", ["page.html", "drawing.svg", "script.js", "page.xhtml", "..%2f..%2fpage.html"]
)
def test_an_upload_is_a_download_and_never_a_page(server: str, name: str) -> None:
    path = sent(server, name, b"<script>alert(1)</script>")
    for answer in (ask(server, path), ask(server, path, range="bytes=0-9")):
        assert answer.status in (200, 206)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/octet-stream"


def test_an_upload_stays_in_its_folder_whatever_its_name(server: str) -> None:
    from gradio.utils import get_upload_folder

    for name in ("../../evil.txt", "/etc/evil.txt", "..", "a/b/c.txt", "\\..\\evil.txt", "x" * 5000 + ".txt"):
        answer = upload(server, name, b"x")
        if answer.status != 200:
            continue
        (path,) = json.loads(answer.body)
        assert Path(path).is_relative_to(get_upload_folder())
        assert ".." not in Path(path).parts


def test_too_much_is_refused_and_what_is_odd_ends_soon(server: str) -> None:
    def timed(body: bytes, boundary: str = "part") -> Reply:
        kind = f"multipart/form-data; boundary={boundary}"
        begin = time.monotonic()
        answer = ask(server, "/gradio_api/upload", "POST", body, content_type=kind)
        assert time.monotonic() - begin < BOUND
        return answer

    head = b'--part\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
    assert timed(head + b"x" * 9_000_000 + b"\r\n--part--\r\n").status == 413
    for odd in (b"--" + b"-" * 300_000, head + b"x\r\n--part--" + b"\r\n--" * 100_000, b"", head):
        assert timed(odd).status < 600
    for boundary in ("x" * 10_000, "x" * 70_000, "-" * 60_000, ";" * 5_000 + "=" * 5_000, 'a"' * 3_000):
        timed(b"--x", boundary=boundary)  # a head that is too long is no request at all
    assert timed(head.replace(b'"x"', b'"' + b"n" * 100_000 + b'"') + b"x\r\n--part--\r\n").status in (
        200,
        400,
        413,
    )
    many = head + b"x\r\n"
    assert timed(many * 1_001 + b"--part--\r\n").status in (400, 413)
    assert ask(server, "/config").status == 200


def bomb(side: int = 20_000) -> bytes:
    """A PNG of a few kilobytes that would be 400 million pixels."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_unfolds(server: str) -> None:
    content = bomb()
    assert len(content) < 60_000
    (path,) = json.loads(upload(server, "bomb.png", content).body)
    begin, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kind, said = call_search(server, [as_file(path), None, 1])
    assert kind == "error"
    assert "pixels" in said["error"]
    assert time.monotonic() - begin < BOUND
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 100_000  # kB; it would have 390,000


def test_packed_files_stay_packed(server: str) -> None:
    """A body that says it is compressed, a zip, a gzip of zeros: nobody unpacks what visitors send."""
    packed = gzip.compress(bytes(20_000_000))
    (path,) = json.loads(upload(server, "zeros.zip", packed).body)
    assert ask(server, f"/gradio_api/file={quote(path)}").body == packed
    answer = ask(
        server,
        "/gradio_api/call/search",
        "POST",
        packed,
        content_type="application/json",
        content_encoding="gzip",
    )
    assert 400 <= answer.status < 500


@pytest.mark.parametrize(
    "path",
    [
        "/monitoring",
        "/monitoring/summary",
        "/monitoring/guess",
        "/monitoring/guess/dashboard",
        "/runs",
        "/gradio_api/runs",
        "/gradio_api/run-history/records",
        "/gradio_api/process_recording",
        "/gradio_api/deep_link?session_hash=x",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-code",
        "/gradio_api/profiling/traces",
        "/docs",
    ],
)
def test_the_server_tells_nobody_about_its_visitors(server: str, path: str) -> None:
    for method in ("GET", "POST"):
        assert ask(server, path, method).status in (403, 404, 405, 422)


def test_nothing_is_shared_watched_or_kept() -> None:
    from webapp.page import launch_options

    options = launch_options()
    assert {options[name] for name in ("share", "enable_monitoring", "run_history", "show_error")} == {False}
