"""The picker of a visitor's photos as a Gradio component. What the browser runs is beside this."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from webapp.photos.choice import (
    COPY_PREFIX,
    MOST_MEGABYTES,
    MOST_MEGAPIXELS,
    MOST_PHOTOS,
    SIDE,
    Choice,
    read_choice,
)

FOLDER = Path(__file__).resolve().parent
NOTHING: dict[str, Any] = {"photos": [], "left_out": []}


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


class PhotoPicker(gr.HTML):
    """A button and a place to drop photos on; small copies of them are uploaded.

    Handlers get a `Choice`, and return None to forget it. Events of interest:
        chosen: every photo has been uploaded or left out.
    """

    def __init__(self, **options: Any) -> None:
        props = {
            "most_photos": MOST_PHOTOS,
            "most_megabytes": MOST_MEGABYTES,
            "most_megapixels": MOST_MEGAPIXELS,
            "side": SIDE,
            "copy_prefix": COPY_PREFIX,
        }
        super().__init__(
            NOTHING,
            html_template=_read("picker.html"),
            css_template=_read("picker.css"),
            js_on_load=_read("picker.js"),
            apply_default_css=False,
            **props,
            **options,
        )

    def preprocess(self, payload: Any) -> Choice:
        """The value as the browser or an API caller sent it -> what handlers get.

        Raises:
            gr.Error: if it is no choice of photos, with a text for the visitor.
        """
        try:
            return read_choice(payload, Path(get_upload_folder()))
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False, title="These photos can't be used") from error

    def postprocess(self, value: None) -> dict[str, Any]:
        """Nothing is chosen any more."""
        return NOTHING

    def api_info(self) -> dict[str, Any]:
        """The value's JSON schema."""
        items = {"type": "array", "items": {"type": "object"}}
        return {"type": "object", "properties": {"photos": items, "left_out": items}}

    def example_payload(self) -> dict[str, Any]:
        """No photo."""
        return NOTHING

    def example_value(self) -> dict[str, Any]:
        """No photo."""
        return NOTHING
