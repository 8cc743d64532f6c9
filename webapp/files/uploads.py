"""The files that visitors and callers uploaded: the only ones that a request may name."""

from pathlib import Path


class NotUploadedError(ValueError):
    """What a caller sent as an upload is none: a path of the caller's choice is never opened."""


def uploaded_file(file: object, uploads: Path) -> Path:
    """The file that an upload is about.

    Args:
        file: what a caller sent, anything at all; an upload is {"path": a file in `uploads`, ...}.
        uploads: the folder in which uploads are.

    Raises:
        NotUploadedError: if it is anything else.
        FileNotFoundError: if it was in `uploads` and is gone.
    """
    path = file.get("path") if isinstance(file, dict) else None
    if not isinstance(path, str):
        raise NotUploadedError(f'expected {{"path": an uploaded file}}, got {type(file).__name__}')
    try:
        found = Path(path).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # no path at all, or one that goes in circles
        raise NotUploadedError("expected an uploaded file, got something that is no path") from error
    # outside the folder the answer is the same whether a file is there or not: nobody learns what exists
    if not found.is_relative_to(uploads.resolve()):
        raise NotUploadedError("expected an uploaded file, got a path to something else")
    try:
        there = found.is_file()
    except OSError as error:  # a name that is longer than any can be
        raise NotUploadedError("expected an uploaded file, got something that is no path") from error
    if not there:
        raise FileNotFoundError("expected an uploaded file, but it is gone")
    return found
