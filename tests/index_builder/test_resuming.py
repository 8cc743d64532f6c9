import logging
import os
import shutil

import pytest

from index_builder import BuildSettings, build_gallery, open_source
from index_builder.resuming import Shards
from stnet.gallery.encoding import embed
from stnet.gallery.manifest import DATA_FILES, MANIFEST_NAME
from tests.galleries import draw_photo, load, make_photos

PHOTOS = 10


class Cut:
    """A builder that is interrupted when it has encoded so many batches of two."""

    def __init__(self, checkpoint, folder):
        self.loaded = load(checkpoint)
        self.photos = make_photos(folder / "photos", PHOTOS)
        self.target = folder / "out" / "gallery"
        self.shards = folder / "out" / ".gallery.shards"
        self.encoded = 0

    def build(self, target=None, batches=99, **options):
        settings = BuildSettings(batch_size=2, shard_size=4, **options)
        self.encoded = 0

        def encode(pictures):
            if self.encoded == 2 * batches:
                raise KeyboardInterrupt
            self.encoded += len(pictures)
            return embed(self.loaded.model, self.loaded.processor, pictures)

        source = open_source(str(self.photos))
        return build_gallery(
            source, self.loaded, target or self.target, name="g", settings=settings, encode=encode
        )

    def interrupt(self):
        """Two shards of four are sealed, a third of two is not."""
        with pytest.raises(KeyboardInterrupt):
            self.build(batches=4)
        assert len(list(self.shards.glob("*/shard.json"))) == 2

    def assert_same(self):
        """The gallery is what it would be if nothing had happened, and nothing else is left."""
        whole = self.target.parent.parent / "whole"
        shutil.rmtree(whole, ignore_errors=True)
        self.build(whole)
        for name in (*DATA_FILES, MANIFEST_NAME):
            assert (whole / name).read_bytes() == (self.target / name).read_bytes(), name
        assert [path.name for path in self.target.parent.iterdir()] == ["gallery"]


@pytest.fixture
def cut(tiny_checkpoint, tmp_path, caplog):
    caplog.set_level(logging.INFO, "index_builder")
    made = Cut(tiny_checkpoint, tmp_path)
    made.interrupt()
    return made


def test_finished_shards_are_kept(cut, caplog):
    done = []
    (cut.photos / "zz.png").write_bytes(b"x")
    report = build_gallery(
        open_source(str(cut.photos)),
        cut.loaded,
        cut.target,
        name="g",
        settings=BuildSettings(batch_size=2, shard_size=4),
        progress=done.append,
    )
    assert done == [8, 9, 10, 11]
    assert (report.indexed, report.kept, len(report.skipped)) == (10, 8, 1)
    assert "kept 2 finished shards (8 pictures) of a build that was cut off" in caplog.text
    cut.assert_same()


def test_shards_of_pictures_that_changed_are_made_again(cut, caplog):
    draw_photo(77).save(cut.photos / "photo-05.png")
    os.utime(cut.photos / "photo-05.png", ns=(1, 1))
    assert cut.build().kept == 4
    assert cut.encoded == 6
    assert "the pictures of 1 finished shards have changed: make them again" in caplog.text
    cut.assert_same()


def test_a_picture_before_them_moves_all_shards(cut):
    draw_photo(50).save(cut.photos / "a.png")
    assert cut.build().kept == 0
    cut.assert_same()


def test_a_damaged_shard_is_made_again(cut, caplog):
    with (cut.shards / "000001" / "patches.int8").open("r+b") as file:
        file.write(b"\x55\x55\x55")
    assert cut.build().kept == 4
    assert "000001 is damaged: patches.int8: make it again" in caplog.text
    cut.assert_same()


def test_shards_made_otherwise_are_refused(cut, caplog):
    assert cut.build(picture_quality=60).kept == 0
    assert "made with another model or other options: begin anew" in caplog.text
    assert cut.encoded == PHOTOS


def test_what_is_no_plan_is_another_plan(tmp_path):
    folder = tmp_path / "shards"
    Shards(folder, {"a": 1})
    (folder / "000003").mkdir()
    assert Shards(folder, {"a": 1}).seals == {}
    assert not (folder / "000003").exists()
    (folder / "plan.json").write_bytes(b"\xff")
    assert Shards(folder, {"a": 1}).rows == 0


def test_a_fault_of_the_source_leaves_no_shards(cut):
    def stop(done):
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        build_gallery(
            open_source(str(cut.photos)),
            cut.loaded,
            cut.target,
            settings=BuildSettings(batch_size=2, shard_size=4),
            progress=stop,
        )
    assert list(cut.target.parent.iterdir()) == []
