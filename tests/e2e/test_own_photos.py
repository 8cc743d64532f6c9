"""A visitor's own photos in the page: picked, indexed, searched, removed, and never another visitor's.

`open_page` also proves for every test: no page error, no request to another host.
"""

import base64
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from tests.e2e.query_actions import write
from tests.e2e.waiting import wait_until
from tests.galleries import draw_photo
from webapp.photos.choice import COPY_PREFIX, MOST_PHOTOS
from webapp.photos.galleries import PREFIX

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]
    Draw = Callable[[Page], None]

PHOTOS = 6
ORIENTATION = 0x0112
STRANGE_NAME = "<img src=x onerror=alert(1)>.jpg"


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Six photos larger than what is kept of them, the first taken with the camera on its side."""
    files = []
    for number in range(PHOTOS):
        picture = draw_photo(number).resize((900, 600))
        tags = picture.getexif()
        tags[0x010E] = "taken at home"
        if number == 0:
            tags[ORIENTATION] = 6
        files.append(tmp_path / f"holiday {number}.jpg")
        picture.save(files[-1], exif=tags)
    return files


def open_panel(page: "Page") -> None:
    page.click("#photos button >> nth=0")
    page.wait_for_selector("#photo-picker [data-ready]")


def choose(page: "Page", files: list[Path]) -> None:
    page.set_input_files("#photo-picker input[type=file]", files)


def said(page: "Page", text: str) -> str:
    """What the panel says, once it has `text` in it."""
    page.wait_for_function(
        "text => document.querySelector('#photos-said')?.innerText.includes(text)", arg=text
    )
    return page.inner_text("#photos-said")


def search(page: "Page", words: str, expected: str) -> list[str]:
    """Search by words until the status line has `expected` in it; the results' alternative texts."""
    write(page, words)
    page.click("#go")
    page.wait_for_function("text => document.querySelector('#status').innerText.includes(text)", arg=expected)
    page.wait_for_selector("#results .thumbnail-item img")
    return [image.get_attribute("alt") or "" for image in page.locator("#results .thumbnail-item img").all()]


def addresses(page: "Page") -> list[str]:
    return [image.get_attribute("src") or "" for image in page.locator("#results .thumbnail-item img").all()]


def are_named(texts: list[str], files: list[Path]) -> bool:
    """Whether there is one text for each file, with its name."""
    return len(texts) == len(files) and all(any(file.name in text for text in texts) for file in files)


def folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


def copies() -> list[Path]:
    return list(Path(get_upload_folder()).glob(f"*/{COPY_PREFIX}*"))


def test_photos_are_found_then_removed_without_a_trace(
    open_page: "OpenPage", draw: "Draw", photos: list[Path]
) -> None:
    before = folders()
    page = open_page()
    assert page.locator("#where").count() == 0
    open_panel(page)
    rules = page.inner_text("#photos")
    for limit in (f"{MOST_PHOTOS} photos", "30 MB", "50 million pixels", "512 pixels", "60 minutes"):
        assert limit in rules
    choose(page, photos)
    assert f"{PHOTOS} photos are ready" in said(page, "ready")
    page.wait_for_function(
        "() => document.querySelector('#status').innerText.includes('Your photos are ready')"
    )
    assert copies() == []
    draw(page)
    texts = search(page, "a red one", f"of your {PHOTOS} photos")
    assert are_named(texts, photos)
    assert "used your drawing and your words" in page.inner_text("#status")

    shown = dict(zip(texts, addresses(page), strict=True))
    (sideways,) = (page.request.get(src).body() for alt, src in shown.items() if "holiday 0" in alt)
    assert Image.open(io.BytesIO(sideways)).size == (341, 512)  # upright, and small
    assert b"taken at home" not in sideways

    page.click("#remove-photos")
    said(page, "deleted")
    page.wait_for_selector("#results .thumbnail-item img", state="detached")
    page.wait_for_selector("#where", state="detached")
    assert folders() == before
    assert {httpx.get(src).status_code for src in shown.values()} == {403}
    search(page, "a red one", "16 pictures")


def test_they_are_what_is_there_to_look_around_in(open_page: "OpenPage", photos: list[Path]) -> None:
    walled = "count => document.querySelectorAll('#results .wall-item img').length === count"
    page = open_page()
    page.wait_for_function(walled, arg=16)
    open_panel(page)
    choose(page, photos)
    said(page, "ready")
    page.wait_for_function(walled, arg=PHOTOS)
    own = page.locator("#results .wall-item img").all()
    assert are_named([image.get_attribute("alt") or "" for image in own], photos)
    addresses = [image.get_attribute("src") or "" for image in own]
    assert b"taken at home" not in httpx.get(addresses[0]).content
    page.click("#remove-photos")
    page.wait_for_function(walled, arg=16)
    assert {httpx.get(address).status_code for address in addresses} == {403}


def test_their_pictures_are_packed_for_their_visitor_alone(open_page: "OpenPage", photos: list[Path]) -> None:
    page = open_page()
    open_panel(page)
    choose(page, photos[:3])
    said(page, "ready")
    search(page, "a red one", "of your 3 photos")
    page.click("#takeaway summary")
    with page.expect_download() as download:
        page.click("#takeaway [data-action=zip]")
    names = zipfile.ZipFile(download.value.path()).namelist()
    assert len([name for name in names if name[0].isdigit()]) == 3
    address = download.value.url
    assert address.endswith(".zip")
    page.click("#remove-photos")
    said(page, "deleted")
    assert httpx.get(address).status_code == 403


def test_no_other_visitor_reaches_them(open_page: "OpenPage", photos: list[Path]) -> None:
    anna, ben = open_page(), open_page()
    for page, files in ((anna, photos[:4]), (ben, photos[3:])):
        open_panel(page)
        choose(page, files)
        said(page, "ready")
    of_anna = search(anna, "a red one", "of your 4 photos")
    of_ben = search(ben, "a red one", "of your 3 photos")
    assert are_named(of_anna, photos[:4])
    assert are_named(of_ben, photos[3:])
    assert not set(addresses(anna)) & set(addresses(ben))  # the photo that both have is stored twice
    carla = open_page()
    search(carla, "a red one", "16 pictures")

    anna.click("#remove-photos")
    said(anna, "deleted")
    search(ben, "a green one", "of your 3 photos")
    assert {httpx.get(src).status_code for src in addresses(ben)} == {200}


def test_a_session_without_photos_cant_ask_for_them(open_page: "OpenPage", photos: list[Path]) -> None:
    anna = open_page()
    open_panel(anna)
    choose(anna, photos)
    said(anna, "ready")
    sent: list[str] = []
    anna.on(
        "request",
        lambda request: sent.append(request.post_data or "") if "queue/join" in request.url else None,
    )
    search(anna, "a red one", f"of your {PHOTOS} photos")
    (query,) = [body for body in sent if "Your photos" in body and "a red one" in body]

    stranger = open_page()
    answer = stranger.evaluate(
        """async (body) => {
            const query = JSON.parse(body);
            query.session_hash = "stranger";
            await fetch("gradio_api/queue/join", {
                method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(query),
            });
            return (await fetch("gradio_api/queue/data?session_hash=stranger")).text();
        }""",
        query,
    )
    assert "no longer on this server" in answer
    assert "holiday" not in answer


def test_closing_the_page_deletes_them(open_page: "OpenPage", photos: list[Path]) -> None:
    before = folders()
    page = open_page()
    open_panel(page)
    choose(page, photos)
    said(page, "ready")
    assert len(folders() - before) == 1
    page.close()
    # those of other visitors, closed before, may go meanwhile
    wait_until(lambda: not folders() - before, lambda: f"{folders() - before} should be gone")


def test_what_cant_be_used_is_named_and_the_others_are_found(
    open_page: "OpenPage", photos: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / STRANGE_NAME
    broken.write_bytes(b"no picture")
    page = open_page()
    open_panel(page)
    choose(page, [broken])
    assert "no photo to search" in said(page, "1 left out")
    assert page.locator("#where").count() == 0
    choose(page, [photos[0], broken, photos[1]])
    text = said(page, "ready")
    assert "2 photos are ready" in text
    assert f"{STRANGE_NAME}: your browser can't read it as a picture" in text
    assert page.locator("img[src=x]").count() == 0


def test_more_than_the_most_are_left_out_by_name(open_page: "OpenPage", tmp_path: Path) -> None:
    files = []
    for number in range(MOST_PHOTOS + 2):
        files.append(tmp_path / f"{number:03d}.png")
        draw_photo(number % 7).resize((16, 16)).save(files[-1])
    page = open_page()
    open_panel(page)
    choose(page, files)
    text = said(page, "ready")
    assert f"{MOST_PHOTOS} photos are ready" in text
    assert "2 left out" in text
    assert f"{MOST_PHOTOS}.png: there are more than {MOST_PHOTOS} photos" in text


def test_photos_can_be_dropped_on_a_phone_sized_dark_page(open_page: "OpenPage", photos: list[Path]) -> None:
    page = open_page("?__theme=dark", width=390, height=844)
    open_panel(page)
    transfer = page.evaluate_handle(
        """async (content) => {
            const transfer = new DataTransfer();
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            transfer.items.add(new File([bytes], "dropped.jpg", {type: "image/jpeg"}));
            return transfer;
        }""",
        base64.b64encode(photos[1].read_bytes()).decode(),
    )
    page.dispatch_event("#photo-picker [data-part=root]", "drop", {"dataTransfer": transfer})
    said(page, "1 photo is ready")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "dropped.jpg" in search(page, "a red one", "of your photo")[0]
