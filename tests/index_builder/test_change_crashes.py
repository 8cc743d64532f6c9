"""Adding, removing and merging, killed at any change to the disk: the old gallery or the new one, whole."""

import os
import shutil
import signal
from functools import partial

import pytest

from index_builder import BuildSettings, build_gallery, open_source
from index_builder.changing import add_pictures, remove_pictures
from index_builder.merging import merge_galleries
from stnet.gallery.encoding import embed
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DATA_FILES, MANIFEST_NAME, GalleryError
from tests.faults import Fault, run
from tests.galleries import draw_photo, load, make_photos

SETTINGS = BuildSettings(batch_size=1, shard_size=1, threads=0)


class Changes:
    """A gallery of three photos, and what can be done with it, without a model."""

    def __init__(self, folder, checkpoint):
        self.loaded = load(checkpoint)
        self.features = {}
        self.old, self.part = folder / "old", folder / "part"
        self.place = folder / "place"
        self.target = self.place / "gallery"
        photos = open_source(str(make_photos(folder / "photos", 3)))
        (folder / "more").mkdir()
        for number in (8, 9):
            draw_photo(number).save(folder / "more" / f"{number}.png")
        self.more = open_source(str(folder / "more"))
        for source, target in ((photos, self.old), (self.more, self.part)):
            build_gallery(source, self.loaded, target, name="g", settings=SETTINGS, encode=self.encode)

    def encode(self, pictures):
        key = pictures[0].tobytes()
        if key not in self.features:
            self.features[key] = embed(self.loaded.model, self.loaded.processor, pictures)
        return self.features[key]

    def add(self):
        add_pictures(self.target, self.more, self.loaded, settings=SETTINGS, encode=self.encode)

    def remove(self):
        remove_pictures(self.target, ["photo-01.png"])

    def merge(self):
        merge_galleries([self.old, self.part], self.target, name="g", overwrite=True)

    def prepare(self):
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.old, self.target)

    def standing(self):
        """Ids of the gallery, every byte of which is looked at."""
        gallery = Gallery.open(self.target)
        try:
            return [gallery.id(row) for row in range(len(gallery))]
        finally:
            gallery.close()


@pytest.fixture(scope="module")
def changes(tiny_checkpoint, tmp_path_factory):
    return Changes(tmp_path_factory.mktemp("changes"), tiny_checkpoint)


@pytest.mark.parametrize("change", ["add", "remove", "merge"])
def test_a_change_killed_anywhere_leaves_a_whole_gallery_and_can_be_made_again(changes, change, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # nobody cuts the power here
    work = getattr(changes, change)
    changes.prepare()
    before = changes.standing()
    whole = run(work, changes.place, Fault())
    after, files = changes.standing(), contents(changes.target)
    assert (whole.signal, whole.error) == (0, None)
    assert before != after
    seen = []
    for at in range(len(whole.changes)):
        changes.prepare()
        outcome = run(partial(work), changes.place, Fault(at))
        assert outcome.signal == signal.SIGKILL, whole.changes[at]
        seen.append(changes.standing())
        try:
            work()
        except GalleryError as error:
            assert seen[-1] == after and "has no picture 'photo-01.png'" in str(error)
        assert contents(changes.target) == files, whole.changes[at]
        assert {path.name for path in changes.target.iterdir()} == {*DATA_FILES, MANIFEST_NAME}
        assert list(changes.place.iterdir()) == [changes.target]
    switch = seen.index(after)
    assert seen == [before] * switch + [after] * (len(seen) - switch)


def contents(folder):
    return [(folder / name).read_bytes() for name in (*DATA_FILES, MANIFEST_NAME)]
