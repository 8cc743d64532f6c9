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
        FileNotFoundError: if there is no such file (any more).
    """
    path = file.get("path") if isinstance(file, dict) else None
    if not isinstance(path, str):
        raise NotUploadedError(f'expected {{"path": an uploaded file}}, got {type(file).__name__}')
    try:
        found = Path(path).resolve(strict=True)
    except (OSError, ValueError) as error:  # gone, or no path at all
        raise FileNotFoundError("expected an uploaded file, got a path where there is none") from error
    if not found.is_relative_to(uploads.resolve()) or not found.is_file():
        raise NotUploadedError("expected an uploaded file, got a path to something else")
    return found
