"""The server starts whatever its surroundings are set up for, and says what keeps it from starting."""

import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from gradio.utils import get_upload_folder

from webapp.environment import UPLOADS, UPLOADS_PREFIX, check_address, no_proxy, private_uploads


def test_uploads_lie_where_only_this_process_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(UPLOADS, raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "gradio").touch(mode=0o000)  # like the folder of another user: nothing can be put there
    with private_uploads():
        folder = Path(get_upload_folder())
        assert folder.parent == tmp_path
        assert folder.name.startswith(UPLOADS_PREFIX)
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "photo").touch()
    assert UPLOADS not in os.environ
    assert [path.name for path in tmp_path.iterdir()] == ["gradio"]


def test_uploads_lie_where_somebody_wants_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(UPLOADS, str(tmp_path / "wanted"))
    with private_uploads():
        assert get_upload_folder() == str(tmp_path / "wanted")
    assert os.environ[UPLOADS] == str(tmp_path / "wanted")


def test_what_comes_at_the_last_moment_is_deleted_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from webapp.files.process_folder import delete_all

    monkeypatch.delenv(UPLOADS, raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with private_uploads():
        late = Path(get_upload_folder()) / "late"
        delete_all()
        late.mkdir(parents=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9", "no address"])
def test_no_proxy_is_asked(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy)
    monkeypatch.setenv("no_proxy", "example.org")
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as here, no_proxy():
        threading.Thread(target=here.handle_request).start()
        answer = httpx.get(f"http://127.0.0.1:{here.server_port}")
    assert answer.status_code == 501  # from a server that knows no method
    assert os.environ["no_proxy"] == "example.org"


def test_a_free_port_can_be_had() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    for host in ("127.0.0.1", "0.0.0.0", "localhost"):
        check_address(host, port)


def test_a_taken_port_is_told_by_the_variable_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        for host in ("127.0.0.1", "0.0.0.0"):
            with pytest.raises(ValueError, match=rf"port {port} .* set PORT to another"):
                check_address(host, port)


@pytest.mark.parametrize("host", ["203.0.113.7", "not a host"])
def test_an_address_of_elsewhere_is_told_by_the_variable_that_names_it(host: str) -> None:
    with pytest.raises(ValueError, match=f"GRADIO_SERVER_NAME must be .* got '{host}'"):
        check_address(host, 7860)
