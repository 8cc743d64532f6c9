"""A builder that is killed, or whose disk fails, at any of its changes: there is always a whole gallery."""

import errno
import os
import shutil
import signal
from functools import partial

import numpy as np
import pytest

from index_builder import BuildSettings, build_gallery, open_source
from stnet.gallery.encoding import embed
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DATA_FILES, MANIFEST_NAME, GalleryError
from tests.faults import Fault, run
from tests.galleries import load, make_photos

OLD, NEW = 3, 4  # pictures


class Matrix:
    """Two galleries of two sources; the second may replace the first, again and again, without a model."""

    def __init__(self, folder, checkpoint):
        self.loaded = load(checkpoint)
        self.features = {}
        self.encoded = 0
        self.shard_size = 2
        self.photos = {count: make_photos(folder / f"photos-{count}", count) for count in (OLD, NEW)}
        self.galleries = {count: folder / f"gallery-{count}" for count in (OLD, NEW)}
        self.answers = {}
        for count, gallery in self.galleries.items():
            self.build(count, gallery)
            self.answers[count] = answers(gallery)
        self.place = folder / "place"
        self.target = self.place / "gallery"

    def build(self, count, target):
        # without threads changes come in one order
        settings = BuildSettings(batch_size=2, shard_size=self.shard_size, threads=0)
        source = open_source(str(self.photos[count]))
        build_gallery(
            source, self.loaded, target, name="g", overwrite=True, settings=settings, encode=self.encode
        )

    def encode(self, pictures):
        """What the model makes of these pictures, which it is asked once."""
        self.encoded += len(pictures)
        key = b"".join(picture.tobytes() for picture in pictures)
        if key not in self.features:
            self.features[key] = embed(self.loaded.model, self.loaded.processor, pictures)
        return self.features[key]

    def prepare(self, *, first):
        """Nothing, or the old gallery, where the new one shall stand."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        if not first:
            shutil.copytree(self.galleries[OLD], self.target)

    def attempt(self, fault, *, first=False):
        """Build the new gallery with a fault in a process of its own."""
        self.prepare(first=first)
        return run(partial(self.build, NEW, self.target), self.place, fault)

    def standing(self):
        """How many pictures the gallery has that stands there, which is whole; 0 for none."""
        try:
            found = answers(self.target)
        except GalleryError as error:
            assert "There is no gallery at" in str(error)
            return 0
        (count,) = [count for count, known in self.answers.items() if known == found]
        return count

    def go_on(self):
        """The next builder needs no help, and nothing is left over; returns how many pictures it encoded."""
        before = self.encoded
        self.build(NEW, self.target)
        for name in (*DATA_FILES, MANIFEST_NAME):
            assert (self.target / name).read_bytes() == (self.galleries[NEW] / name).read_bytes()
        assert {path.name for path in self.target.iterdir()} == {*DATA_FILES, MANIFEST_NAME}
        assert list(self.place.iterdir()) == [self.target]
        return self.encoded - before


def answers(folder):
    """All that a gallery says: rankings, features, pictures."""
    gallery = Gallery.open(folder)
    try:
        rows = np.arange(len(gallery))
        queries = np.random.default_rng(0).normal(size=(3, gallery.manifest.dimension))
        ranked = [part.tobytes() for query in queries for part in gallery.nearest(query, 99)]
        centroids = [part.tobytes() for part in gallery.centroids]
        pictures = [(gallery.id(row), gallery.picture_bytes(row)) for row in rows.tolist()]
        return ranked, centroids, gallery.patch_features(rows).numpy().tobytes(), pictures
    finally:
        gallery.close()


@pytest.fixture(scope="module")
def matrix(tiny_checkpoint, tmp_path_factory):
    return Matrix(tmp_path_factory.mktemp("matrix"), tiny_checkpoint)


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch):
    """Nobody cuts the power here."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.mark.parametrize("first", [False, True], ids=["replacing", "first"])
def test_a_builder_killed_at_any_change_leaves_a_whole_gallery(matrix, first):
    whole = matrix.attempt(Fault(), first=first)
    assert (whole.signal, whole.error, matrix.standing()) == (0, None, NEW)
    seen, encoded = [], []
    for at in range(len(whole.changes)):
        outcome = matrix.attempt(Fault(at), first=first)
        assert outcome.signal == signal.SIGKILL, whole.changes[at]
        assert outcome.changes == whole.changes[: at + 1]
        seen.append(matrix.standing())
        encoded.append(matrix.go_on())
    # one change makes the difference: before it there is what was there, after it the new gallery
    before = 0 if first else OLD
    assert seen == sorted(seen)
    assert set(seen) == {before, NEW}
    # finished shards are never made again, as long as there is no new gallery
    at_work = encoded[: seen.index(NEW)]
    assert at_work == sorted(at_work, reverse=True)
    assert set(at_work) == {4, 2, 0}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["full", "broken"])
def test_a_disk_that_fails_at_any_change_is_an_error_and_leaves_a_whole_gallery(matrix, number, monkeypatch):
    monkeypatch.setattr(matrix, "shard_size", NEW)  # what is done to a second one is the same
    needs_no_room = ("remove", "rmdir", "fsync") if number == errno.ENOSPC else ()
    for at, change in enumerate(matrix.attempt(Fault()).changes):
        if change.startswith(needs_no_room):
            continue
        outcome = matrix.attempt(Fault(at, number))
        assert outcome.signal == 0
        assert outcome.error is None or outcome.error.errno == number, change
        if matrix.standing() == OLD:
            assert outcome.error is not None
            assert os.strerror(number) in str(outcome.error)
        matrix.go_on()


@pytest.mark.parametrize("error", [None, errno.EFBIG], ids=["killed", "full"])
def test_native_writers_that_stop_at_any_length_leave_the_old_gallery(matrix, error):
    sizes = sorted((matrix.galleries[NEW] / name).stat().st_size for name in DATA_FILES)
    for longest in {0, 1, *(size // 2 for size in sizes), sizes[-1] - 1}:
        outcome = matrix.attempt(Fault(error=error, longest=longest))
        assert outcome.signal == (signal.SIGXFSZ if error is None else 0), longest
        assert error is None or isinstance(outcome.error, OSError), longest
        assert matrix.standing() == OLD
    matrix.go_on()


def test_all_is_on_the_disk_before_the_new_gallery_is_read(matrix):
    """Else a power cut could leave a manifest without its files."""
    for first in (True, False):
        changes = matrix.attempt(Fault(), first=first).changes
        (switch,) = [at for at, change in enumerate(changes) if is_switch(change)]
        synced = [change.split("/")[-1] for change in changes[:switch] if change.startswith("fsync")]
        assert {*DATA_FILES, f".{MANIFEST_NAME}.partial"} <= set(synced)
        assert synced[-1].endswith(".building")  # the names in the folder
        assert changes[switch + 1].startswith("fsync")  # the name of the folder


def is_switch(change):
    return change.startswith("rename") and change.endswith(".building")
