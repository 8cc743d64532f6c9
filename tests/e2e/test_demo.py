"""The demo as everyone gets it: app.py on assets/, in a process of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.query_actions import write
from tests.galleries import make_photos
from webapp.photos.galleries import PREFIX

if TYPE_CHECKING:
    from gradio_client import Client
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; a machine that does nothing else needs a tenth of it


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(process: "subprocess.Popen[str]", address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"app.py ended with {process.returncode}: {process.communicate()[0]}")
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    pytest.fail(f"no answer from {address} after {PATIENCE} s")


@contextmanager
def started(**settings: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """app.py with these settings in its environment, and the address at which it answers."""
    port = free_port()
    own = {"PORT": str(port), "HF_HUB_OFFLINE": "1", **settings}
    ours = ("STNET_", "GRADIO_", "MCP")
    others = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=others | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(process, address)
        yield process, address
    finally:
        process.terminate()
        process.communicate(timeout=30)


@contextmanager
def running(**settings: str) -> Iterator[str]:
    """The address of app.py, while it runs with these settings."""
    with started(**settings) as (_, address):
        yield address


@pytest.fixture(scope="module")
def demo() -> "Iterator[Client]":
    from gradio_client import Client

    with running() as address:
        yield Client(address, verbose=False)


def test_the_demo_finds_pictures_offline(demo: "Client") -> None:
    answer = demo.predict(None, "a castle by a lake", 5, api_name="/search")
    assert answer["gallery"] == {"name": "Photographs", "size": 386}
    assert len(answer["results"]) == 5
    assert all({"author", "licence"} <= set(result["metadata"]) for result in answer["results"])
    scenes = demo.predict(None, "on the moon", 1, 0, "Composed scenes", api_name="/search")
    assert scenes["gallery"]["name"] == "Composed scenes"
    for result in answer["results"]:
        assert httpx.get(result["image"]).status_code == 200
        assert httpx.get(result["heatmap"]).status_code == 200


def test_mcp_clients_are_served_where_that_is_asked_for(demo: "Client") -> None:
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"accept": "application/json, text/event-stream"}
    assert httpx.post(f"{demo.src}mcp", json=listing, headers=headers).status_code in (404, 405)
    with running(MCP="1") as address:
        answer = httpx.post(f"{address}/mcp", json=listing, headers=headers)
        assert [tool["name"] for tool in answer.json()["result"]["tools"]] == ["search", "similar"]


def test_a_drawn_example_finds_its_thing(demo: "Client", tmp_path: Path) -> None:
    from gradio_client import handle_file
    from PIL import Image, ImageOps

    from webapp.canvas import Sketch
    from webapp.examples import STROKE_UNITS, load_examples

    penguin = next(example for example in load_examples() if example.name == "penguin")
    drawing = Sketch.from_lines(penguin.strokes, STROKE_UNITS).draw()
    drawing.save(tmp_path / "penguin.png")
    on_paper = demo.predict(handle_file(tmp_path / "penguin.png"), penguin.text, 10, api_name="/search")
    ink = Image.new("RGBA", drawing.size)
    ink.putalpha(ImageOps.invert(drawing))
    ink.save(tmp_path / "transparent.png")
    transparent = demo.predict(
        handle_file(tmp_path / "transparent.png"), penguin.text, 10, api_name="/search"
    )
    assert on_paper["query"]["mode"] == "sketch+text"
    assert [result["id"] for result in on_paper["results"]] == [
        result["id"] for result in transparent["results"]
    ]
    assert on_paper["guesses"][0]["name"] == "penguin"


def test_a_guess_that_is_confirmed_joins_the_words(demo: "Client", browser: "Browser") -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(demo.src, wait_until="domcontentloaded")
    assert not page.is_visible("#guesses")
    page.click("#examples button >> text=penguin")
    guess = page.locator("#guesses button >> text=penguin?")
    guess.click()
    page.wait_for_function(
        "() => document.querySelector('#text textarea, #text input').value.startsWith('penguin')"
    )
    guess.wait_for(state="hidden")  # the words say it now
    page.close()


def test_none_of_the_guesses(demo: "Client", browser: "Browser") -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(demo.src, wait_until="domcontentloaded")
    page.click("#examples button >> text=penguin")
    page.click("#guess-none")
    page.locator("#guesses").wait_for(state="hidden")
    unnamed = "() => location.hash.startsWith('#query=6.')"
    page.wait_for_function(unnamed)  # the same query, but the names don't count
    assert page.locator("#results .thumbnail-item img").count() > 0
    shown = page.evaluate("location.hash")
    write(page, "on the ice")  # nor do they when the same drawing is searched again
    page.keyboard.press("Enter")
    page.wait_for_function("shown => location.hash !== shown", arg=shown)
    assert page.evaluate(unnamed) and page.locator("#guesses").is_hidden()
    page.click("#examples button >> text=penguin")
    page.locator("#guess-none").wait_for()
    page.close()


def test_a_server_that_is_stopped_deletes_its_visitors_photos_and_has_logged_no_name(
    browser: "Browser", tmp_path: Path
) -> None:
    before = set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    photos = sorted(make_photos(tmp_path / "photos", 3).iterdir())
    with started() as (process, address):
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(address, wait_until="domcontentloaded")
        page.click("#photos button >> nth=0")
        page.set_input_files("#photo-picker input[type=file]", photos)
        page.wait_for_selector("#photos-said >> text=3 photos are ready")
        write(page, "on the snow")
        page.click("#go")
        page.wait_for_selector("#results .thumbnail-item img")
        (made,) = set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")) - before
        process.terminate()
        output = process.communicate(timeout=PATIENCE)[0]
        page.close()
    assert process.returncode == 0
    assert not made.exists()
    assert "photo-0" not in output
    assert "own-photo" not in output
    assert "snow" not in output
