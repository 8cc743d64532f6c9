"""Drawings that callers upload, on their way to the engine."""

from pathlib import Path

from gradio.utils import get_upload_folder
from PIL import Image

from stnet.pictures import PictureError, open_picture
from stnet.search import SearchError
from webapp.uploads import NotUploadedError, uploaded_file


def uploaded_drawing(file: object) -> Image.Image | None:
    """The drawing in a file that a caller uploaded to this server.

    Args:
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
            "The sketch must be an uploaded picture: with gradio_client, handle_file('drawing.png')"
        ) from error
    try:
        return open_picture(path)
    except PictureError as error:
        raise SearchError(f"The sketch can't be read: {error}") from error
