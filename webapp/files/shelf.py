"""The pictures of an answer, as files that the server may hand out."""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from gradio.utils import get_upload_folder
from PIL import Image

from stnet.pictures import open_picture
from stnet.search import SearchResponse, SearchResult
from webapp.files.process_folder import ProcessFolder

SHELF_PREFIX = "shown-"  # of folders in Gradio's cache
STORED = ("JPEG", "WEBP")  # what a gallery's pictures are
PAINTERS = 2  # of the heat maps of one answer, at once


class FileSet(set[str]):
    """A set that can be walked through while another thread adds to it: Gradio's cleaner does."""

    def __iter__(self) -> Iterator[str]:
        # a copy is made in one go; between the elements of a tuple the collector may let other threads run
        return set.__iter__(self.copy())


class PictureShelf:
    """Copies of shown pictures below Gradio's cache folder: with uploads, all that the server hands out.

    Files are named by what is in them, never by an id or by anything that a caller sent. `files` is for
    Gradio, which deletes what has grown old. Each shelf has a folder of its own, whose name
    nobody can guess, so that a second server may start and stop beside it.
    """

    def __init__(self) -> None:
        self._owned = ProcessFolder(Path(get_upload_folder()), SHELF_PREFIX)
        self.folder = self._owned.path
        self.files = FileSet()

    def delete(self) -> None:
        """Delete every picture; from now on none can be put here."""
        self._owned.delete()

    def put(self, response: SearchResponse) -> list[str]:
        """Store every result's picture: their paths, in order."""
        return self.put_results(response.results)

    def put_results(self, results: Iterable[SearchResult]) -> list[str]:
        """The same of results without their response."""
        return [self.put_stored(result.picture_bytes, result.picture_format) for result in results]

    def put_stored(self, content: bytes, format: str) -> str:
        """Store a gallery's picture, "jpeg" or "webp"; its path."""
        stored = self._path(content, format)
        if str(stored) in self.files:
            with suppress(OSError):  # Gradio has just deleted it
                os.utime(stored)  # its age counts from the last time
                return str(stored)
        return self._store(*_clean(content, format))

    def put_heatmaps(self, response: SearchResponse) -> list[str | None]:
        """Paint and store every result's heat map: their paths, in order; None where there is none."""
        with ThreadPoolExecutor(PAINTERS) as painters:
            return list(painters.map(self._put_heatmap, response.results))

    def _put_heatmap(self, result: SearchResult) -> str | None:
        return None if result.heatmap is None else self.put_picture(result.overlay(), "JPEG")

    def put_picture(self, picture: Image.Image, format: str) -> str:
        """Store one picture as "JPEG" or "PNG"; its path."""
        return self._store(_encode(picture, format), format.lower())

    def put_archive(self, content: bytes) -> str:
        """Store a ZIP file; its path, whose end is what browsers call the download."""
        return self._store(content, "zip", "stnet-results-")

    def _store(self, content: bytes, suffix: str, prefix: str = "") -> str:
        path = self._path(content, suffix, prefix)
        # always written anew: its age counts from the last time, and nobody ever sees half a file
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(content)
        os.replace(file.name, path)
        self.files.add(str(path))
        return str(path)

    def _path(self, content: bytes, suffix: str, prefix: str = "") -> Path:
        return self.folder / f"{prefix}{hashlib.sha256(content).hexdigest()}.{suffix}"


def _clean(content: bytes, format: str) -> tuple[bytes, str]:
    """The stored file as it is, unless it carries EXIF, which may say where a photo was taken."""
    with Image.open(io.BytesIO(content), formats=STORED) as opened:  # reads what is before the pixels only
        bare = not {"exif", "xmp"} & opened.info.keys()
    if bare:
        return content, format
    picture = open_picture(content)
    return _encode(Image.frombytes(picture.mode, picture.size, picture.tobytes()), "JPEG"), "jpeg"


def _encode(picture: Image.Image, format: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, format=format, **({"quality": 90} if format == "JPEG" else {}))
    return file.getvalue()
