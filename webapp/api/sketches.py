"""Sketches and pictures that programs send, on their way to the engine."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

from gradio.utils import get_upload_folder
from PIL import Image

from stnet.pictures import PictureError, open_picture
from stnet.search import SearchError
from webapp.canvas import Sketch
from webapp.files.uploads import NotUploadedError, uploaded_file


def uploaded_picture(file: object, name: str) -> Image.Image | None:
    """The picture in a file that a caller uploaded to this server.

    Args:
        name: of the parameter, for refusals.
        file: what Gradio makes of an upload, {"path": a file in its upload folder, ...}, or None.

    Raises:
        SearchError: if it is anything else (a path or an address of the caller's choice is never opened), or
            not a picture that we read.
    """
    if file is None:
        return None
    try:
        path = uploaded_file(file, Path(get_upload_folder()))
    except (NotUploadedError, FileNotFoundError) as error:
        raise SearchError(
            f"The {name} must be an uploaded picture: with gradio_client, handle_file('{name}.png')"
        ) from error
    return _read(path, name)


def sent_sketch(data_url: str | None, strokes: Sequence[Sequence[int]] | None) -> Image.Image | None:
    """The drawing that is itself part of a call; None where neither is given.

    Args:
        data_url: a picture, as data:image/png;base64,...
        strokes: each x0, y0, x1, y1, ... as `Sketch` has them, instead of a picture.

    Raises:
        SearchError: if it isn't such a text, not a picture that we read, or if both are given.
        SketchError: for strokes out of bounds.
    """
    if data_url and strokes:
        raise SearchError("Send the sketch either as a picture or as strokes, not both")
    if strokes:
        return Sketch(tuple(tuple(stroke) for stroke in strokes)).draw()
    return sent_picture(data_url, "sketch")


def sent_picture(data_url: str | None, name: str) -> Image.Image | None:
    """The picture that is itself part of a call, as data:image/png;base64,...; None where there is none.

    Args:
        name: of the parameter, for refusals.

    Raises:
        SearchError: if it isn't such a text, or not a picture that we read.
    """
    return _read(_content(data_url, name), name) if data_url else None


def _content(data_url: str, name: str) -> bytes:
    head, _, content = data_url.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        raise SearchError(
            f"The {name} must be the picture itself, as data:image/png;base64,...: paths and addresses are "
            "never opened"
        )
    try:
        return base64.b64decode("".join(content.split()), validate=True)  # some tools break it into lines
    except binascii.Error as error:
        raise SearchError(f"The {name}'s base64 can't be read: {error}") from error


def _read(source: Path | bytes, name: str) -> Image.Image:
    try:
        return open_picture(source)
    except PictureError as error:
        raise SearchError(f"The {name} can't be read: {error}") from error
