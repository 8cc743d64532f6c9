"""The visitors' own galleries: one a session, bounded in number and in time, deleted without a trace."""

import logging
import os
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradio.utils import get_upload_folder

from index_builder.building import BuildReport
from index_builder.sources.entry import SourceError
from stnet.search import SearchEngine, SearchError
from webapp.environment import UPLOADS_PREFIX
from webapp.files.process_folder import ProcessFolder, clear_left_over
from webapp.files.shelf import SHELF_PREFIX, PictureShelf
from webapp.photos.choice import Choice, LeftOut, forget_copies
from webapp.photos.indexing import PhotoIndexer

MOST_GALLERIES = 16  # at a time on this server
LIFE = 3600  # seconds until a gallery is deleted, whatever happens; and a copy that was never indexed
IDLE = 600  # seconds without a search after which a gallery makes room for another visitor's
ROUND = 60  # seconds between two looks at what has grown old
PREFIX = "stnet-photos-"  # of folders in the system's temporary folder
GONE = "Your photos are no longer on this server. Choose them again."
REMOVED = "Your photos were removed before they were ready."
UNDER_WAY = "Your photos are still being made ready. Wait until that is done, or remove them."
FULL = "Too many visitors are searching their own photos just now. Try again in some minutes."
NOT_STORED = "This server can't store your photos just now. Try again later."

# called with (photos done, of how many)
Progress = Callable[[int, int], None]
_log = logging.getLogger(__name__)


class PhotosError(SearchError):
    """Own photos that can't be indexed or searched. The text is for their visitor."""


class PrivateGallery:
    """One visitor's gallery.

    Attributes:
        shelf: the pictures that the server hands out for it, by names that nobody can guess.
        made, used: seconds, by the clock of PrivateGalleries.
        deleted: nothing of it is there any more.
    """

    def __init__(self, now: float) -> None:
        self._home = ProcessFolder(Path(tempfile.gettempdir()), PREFIX)
        self.shelf = PictureShelf()
        self.made = self.used = now
        self.deleted = False

    @property
    def home(self) -> Path:
        """Holds the gallery, and the photos while it is made."""
        return self._home.path

    @property
    def folder(self) -> Path:
        """The gallery, for `Gallery.open`."""
        return self.home / "gallery"

    def delete(self) -> None:
        """Remove every file of it; whoever is still writing one fails."""
        self.deleted = True
        self._home.delete()
        self.shelf.delete()


@dataclass(frozen=True)
class Indexed:
    """What became of a choice: photos that can be searched, those left out, and the seconds it took."""

    photos: int
    left_out: tuple[LeftOut, ...]
    seconds: float


class PrivateGalleries:
    """All visitors' galleries. A visitor is known by the session's secret, and reaches no other gallery."""

    def __init__(self, engine: SearchEngine, clock: Callable[[], float] = time.monotonic) -> None:
        self._indexer = PhotoIndexer(engine)
        self._clock = clock
        self._ready: dict[str, PrivateGallery] = {}
        self._making: dict[str, PrivateGallery] = {}
        self._lock = threading.Lock()
        threading.Thread(target=_look_after, args=(weakref.ref(self),), daemon=True).start()

    def __len__(self) -> int:
        return len(self._ready) + len(self._making)

    def index(self, visitor: str | None, choice: Choice, progress: Progress | None = None) -> Indexed:
        """Make this visitor's gallery; an older one of theirs is replaced when it is finished.

        Args:
            visitor: the secret that only this visitor's requests carry.
            choice: the photos; their uploaded copies are gone when this returns or raises.

        Raises:
            PhotosError: if no photo can be read, the server has no room, or they were removed meanwhile.
        """
        try:
            with self._made(visitor) as made:
                report = self._build(made, choice, progress)
        finally:
            for photo in choice.photos:
                photo.copy.unlink(missing_ok=True)
        skipped = tuple(LeftOut(item["id"], item["reason"]) for item in report.skipped)
        return Indexed(report.indexed, choice.left_out + skipped, report.seconds)

    def find(self, visitor: str | None) -> PrivateGallery:
        """This visitor's gallery.

        Raises:
            PhotosError: if there is none, or none any more.
        """
        self.expire()
        with self._lock:
            found = self._ready.get(visitor or "")
            if found is None:
                raise PhotosError(GONE)
            found.used = self._clock()
            return found

    def remove(self, visitor: str | None) -> None:
        """Delete all of this visitor's, also what is being made; no matter if there is nothing."""
        with self._lock:
            for galleries in (self._ready, self._making):
                if (found := galleries.pop(visitor or "", None)) is not None:
                    found.delete()

    def expire(self) -> None:
        """Delete what is older than LIFE."""
        with self._lock:
            for galleries in (self._ready, self._making):
                for visitor, gallery in tuple(galleries.items()):
                    if self._clock() - gallery.made > LIFE:
                        galleries.pop(visitor).delete()

    @contextmanager
    def _made(self, visitor: str | None) -> Iterator[PrivateGallery]:
        """A gallery to be filled; this visitor's, unless it was removed or filling it fails."""
        if not visitor:
            raise PhotosError("Own photos can be searched in the page only")
        self.expire()
        with self._lock:
            if visitor in self._making:
                raise PhotosError(UNDER_WAY)
            self._make_room(visitor)
            made = self._making[visitor] = PrivateGallery(self._clock())
        try:
            yield made
        except BaseException:
            with self._lock:
                if self._making.get(visitor) is made:
                    self._making.pop(visitor).delete()
            raise
        with self._lock:
            if self._making.get(visitor) is not made:
                raise PhotosError(REMOVED)
            if (older := self._ready.pop(visitor, None)) is not None:
                older.delete()
            self._ready[visitor] = self._making.pop(visitor)

    def _make_room(self, visitor: str) -> None:
        others = [(gallery.used, name) for name, gallery in self._ready.items() if name != visitor]
        if len(others) + len(self._making) < MOST_GALLERIES:
            return
        used, longest_idle = min(others, default=(self._clock(), ""))
        if self._clock() - used < IDLE:
            raise PhotosError(FULL)
        self._ready.pop(longest_idle).delete()

    def _build(self, made: PrivateGallery, choice: Choice, progress: Progress | None) -> BuildReport:
        if not choice.photos:
            raise PhotosError("There is no photo to search.")

        def tell(done: int) -> None:
            if made.deleted:
                raise PhotosError(REMOVED)
            if progress is not None:
                progress(done, len(choice.photos))

        try:
            return self._indexer.index(choice.photos, made.home, tell)
        except SourceError as error:
            raise PhotosError(str(error)) from None
        except Exception as error:  # to write into a folder that is gone fails in many ways
            if made.deleted:
                raise PhotosError(REMOVED) from None
            if isinstance(error, OSError):
                # neither names nor paths: nothing of a visitor gets into the log
                _log.error("Own photos can't be stored: %s", os.strerror(error.errno or 0))
                raise PhotosError(NOT_STORED) from None
            raise


def _look_after(reference: "weakref.ref[PrivateGalleries]") -> None:
    """Delete what has grown old, until the galleries' owner is gone."""
    while (galleries := reference()) is not None:
        galleries.expire()
        forget_copies(Path(get_upload_folder()), LIFE)
        for prefix in (PREFIX, UPLOADS_PREFIX):
            clear_left_over(Path(tempfile.gettempdir()), prefix)
        clear_left_over(Path(get_upload_folder()), SHELF_PREFIX)
        del galleries
        time.sleep(ROUND)
