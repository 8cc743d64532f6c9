from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.utils import get_upload_folder

from webapp.photos.choice import MAX_PIXELS, MOST_MEGAPIXELS, Choice
from webapp.photos.picker import NOTHING, PhotoPicker


@pytest.fixture(scope="module")
def picker() -> PhotoPicker:
    return PhotoPicker()


def test_an_uploaded_photo_becomes_a_choice(picker: PhotoPicker) -> None:
    folder = Path(get_upload_folder()) / "test-picker"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "own-photo-1.jpg"
    file.write_bytes(b"picture")
    try:
        choice = picker.preprocess({"photos": [{"name": "a.jpg", "file": {"path": str(file)}}]})
    finally:
        file.unlink()
        folder.rmdir()
    assert [(photo.name, photo.copy) for photo in choice.photos] == [("a.jpg", file)]


@pytest.mark.parametrize(
    "value", ["photos", {"photos": 3}, {"photos": [{"name": "a", "file": {"path": __file__}}]}]
)
def test_what_is_no_choice_is_refused_with_a_text(picker: PhotoPicker, value: Any) -> None:
    with pytest.raises(gr.Error) as failure:
        picker.preprocess(value)
    assert not failure.value.print_exception  # nothing of it in the log
    assert __file__ not in str(failure.value)


def test_a_choice_is_forgotten_when_it_was_handled(picker: PhotoPicker) -> None:
    assert picker.postprocess(None) == NOTHING
    assert picker.preprocess(NOTHING) == Choice(())


def test_browser_and_server_have_one_limit_of_pixels() -> None:
    assert MOST_MEGAPIXELS * 1_000_000 == MAX_PIXELS
