"""The sketch canvas as a Gradio component. What the browser runs is in the files beside this one."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import EventListener
from gradio.utils import get_upload_folder

from stnet.pictures import PictureError, open_picture
from webapp.canvas.photographs import is_photo
from webapp.canvas.strokes import GRID, MOST_POINTS, MOST_STROKES, PEN, Sketch, SketchError
from webapp.files.uploads import uploaded_file

FOLDER = Path(__file__).resolve().parent
# in one scope, in this order
SCRIPTS = (
    *("geometry", "history", "pictures", "paper", "typing", "draft"),
    *("canvas", "touches", "pointers", "files", "drops", "keys", "searching", "start"),
)
MOST_MEGABYTES = 10  # of a picture as it is picked; what is uploaded is a reduced copy


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def recognise(picture: dict[str, Any]) -> bool:
    """For the browser: whether an uploaded picture is a photo; False for what can't be read.

    Raises:
        NotUploadedError, FileNotFoundError: if it is no upload, or gone.
    """
    try:
        return is_photo(open_picture(uploaded_file(picture, Path(get_upload_folder()))))
    except PictureError:
        return False


class SketchCanvas(gr.HTML):
    """Paper to draw on with mouse, finger or pen, with undo, redo, an eraser for strokes, and clear.

    Handlers get a `Sketch`, or None for empty paper; they may return a `Sketch`, its JSON value, or None to
    clear the paper. Events of interest:
        change: the drawing is another one; once a stroke, and when a handler has set it.
        settled: the visitor changed it, and then rested for `settle_after` seconds; with `settled_if`, only
            while that box is ticked.
        submit: Ctrl+Enter or Cmd+Enter anywhere on the page; while a picture is being uploaded, the search
            button and Enter in the text box, too. It comes when the picture is there.

    A handler that returns a drawing should have `show_progress="hidden"` or `show_progress_on=` another
    component: Gradio would cover the paper while it waits.

    Args:
        value: what is on the paper first.
        label: the paper's name for those who don't see it.
        text_box: the elem_id of the text box that goes with the drawing; the key "/" leads there.
        search_button: the elem_id of the button that searches for both.
        clear_button: the elem_id of a button whose handler clears the paper.
        draft: the name under which the browser's tab keeps the drawing and the text box over a reload, Back
            and a restart of the server; the paper then has data-resumed. None keeps nothing.
        settle_after: seconds.
        settled_if: the elem_id of a checkbox.
        options: what gr.HTML takes: elem_id, visible, scale, ...
    """

    # what gr.HTML would make of it by itself couldn't share a listener with other events (gr.on)
    settled = EventListener("settled").listener

    def __init__(
        self,
        value: Sketch | dict[str, Any] | None = None,
        *,
        label: str = "Drawing paper",
        text_box: str | None = None,
        search_button: str | None = None,
        clear_button: str | None = None,
        draft: str | None = None,
        settle_after: float = 0.6,
        settled_if: str | None = None,
        **options: Any,
    ) -> None:
        props = {
            "text_box": text_box,
            "search_button": search_button,
            "clear_button": clear_button,
            "draft": draft,
            "settle_after": settle_after,
            "settled_if": settled_if,
            "grid": GRID,
            "pen_width": PEN,
            "most_strokes": MOST_STROKES,
            "most_points": MOST_POINTS,
            "most_megabytes": MOST_MEGABYTES,
        }
        super().__init__(
            value,
            label=label,
            html_template=_read("canvas.html"),
            css_template=_read("canvas.css"),
            js_on_load="\n".join(_read(f"{name}.js") for name in SCRIPTS),
            apply_default_css=False,
            server_functions=[recognise],
            **props,
            **options,
        )

    def preprocess(self, payload: Any) -> Sketch | None:
        """The value as the browser or an API caller sent it -> what handlers get.

        Raises:
            gr.Error: if it isn't a drawing, with a text for the visitor.
        """
        try:
            return Sketch.from_value(payload, Path(get_upload_folder()))
        except SketchError as error:
            raise gr.Error(str(error), print_exception=False, title="That drawing can't be used") from error

    def postprocess(self, value: Sketch | dict[str, Any] | None) -> dict[str, Any]:
        """What a handler returned -> the value for the browser, never None: that would fire `change` twice.

        Raises:
            SketchError: for a dict that isn't a canvas's value.
        """
        sketch = value if isinstance(value, Sketch) else Sketch.from_value(value, Path(get_upload_folder()))
        sketch = sketch or Sketch()
        picture = None if sketch.picture is None else gr.FileData(path=str(sketch.picture)).model_dump()
        strokes = [list(stroke) for stroke in sketch.strokes]
        return {"strokes": strokes, "picture": picture, "photo": sketch.photo}

    def api_info(self) -> dict[str, Any]:
        """The value's JSON schema."""
        coordinate = {"type": "integer", "minimum": 0, "maximum": GRID}
        return {
            "type": "object",
            "properties": {
                "strokes": {
                    "type": "array",
                    "items": {"type": "array", "items": coordinate},
                    "description": f"[[x0, y0, x1, y1, ...], ...] from 0 to {GRID}, y down",
                },
                "picture": {"type": "object", "description": "An uploaded picture of a drawing, or null"},
                "photo": {"type": "boolean", "description": "Whether it is a photo whose like is wanted"},
            },
        }

    def example_payload(self) -> dict[str, Any]:
        """A triangle."""
        return {"strokes": [[512, 200, 800, 800, 224, 800, 512, 200]], "picture": None}

    def example_value(self) -> dict[str, Any]:
        """A triangle."""
        return self.example_payload()
