"""app.py on a machine that is set up for other programs, until its terminal is closed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.e2e.plain_http import ask, post, upload
from tests.e2e.test_demo import PATIENCE, ROOT, free_port, started

NOBODY = "http://127.0.0.1:9"


def test_neither_proxies_nor_a_foreign_folder_keep_it_from_serving_and_a_hangup_deletes_all(
    tiny_checkpoint: Path, tiny_gallery: Path, drawing: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    (folder / "gradio").touch()  # where Gradio would put uploads; like another user's, it can't be entered
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOBODY)
    places = {"STNET_CHECKPOINT": str(tiny_checkpoint), "STNET_GALLERY": str(tiny_gallery)}
    settings = proxies | places | {"TMPDIR": str(folder), "all_proxy": "socks5://127.0.0.1:9", "no_proxy": ""}
    with started(**settings, STNET_DEVICE="cpu") as (process, address):
        (path,) = json.loads(upload(address, "circle.png", drawing.read_bytes()).body)
        sketch = {"path": path, "meta": {"_type": "gradio.FileData"}}
        event = json.loads(post(address, "/gradio_api/call/search", {"data": [sketch, "red", 3]}).body)
        answer = ask(address, f"/gradio_api/call/search/{event['event_id']}").body.decode()
        results = json.loads(answer.split("data: ")[-1])[0]["results"]
        assert [httpx.get(result["image"]).status_code for result in results] == [200] * 3
        assert Path(path).is_relative_to(folder)
        assert Path(path).is_file()
        process.send_signal(signal.SIGHUP)
        output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0
    assert "Traceback" not in output
    assert [file for file in folder.rglob("*") if file.is_file()] == [folder / "gradio"]
    assert list(folder.glob("stnet-*")) == []


def test_a_start_that_is_broken_off_leaves_one_line(tmp_path: Path) -> None:
    program = (
        "import sys, time, app, stnet.search\n"
        "def load(*_, **__): print('loading', flush=True), time.sleep(600)\n"
        "stnet.search.SearchEngine.from_pretrained = load\n"
        "sys.exit(app.main())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PORT": str(free_port()), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.terminate()
    assert process.communicate(timeout=PATIENCE) == ("", "* Stopped by SIGTERM\n")
    assert process.returncode == 128 + signal.SIGTERM
