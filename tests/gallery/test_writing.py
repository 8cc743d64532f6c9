import fcntl
import io
import os

import numpy as np
import pytest
from PIL import Image

from stnet.gallery.manifest import MANIFEST_NAME, GalleryError
from stnet.gallery.writing import build_folder, publish, refuse_target, store_picture

OURS = '{"format": "stnet-gallery"}'


def gallery(folder, text=OURS):
    folder.mkdir()
    (folder / MANIFEST_NAME).write_text(text)
    return folder


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_a_stored_picture_is_bounded_and_says_nothing_of_its_maker(format):
    picture = Image.effect_noise((400, 100), 30).convert("RGB")
    picture.info |= {"exif": b"Exif\x00\x00secret place", "icc_profile": b"profile", "comment": b"by me"}
    stored = store_picture(picture, longest=64, format=format, quality=80)
    with Image.open(io.BytesIO(stored.content)) as opened:
        assert opened.format == format.upper()
        assert opened.size == (64, 16)
        assert not opened.getexif()
        assert "icc_profile" not in opened.info
        np.testing.assert_array_equal(np.asarray(opened.convert("RGB")), np.asarray(stored.pixels))
    assert b"secret" not in stored.content


def test_a_small_picture_keeps_its_size():
    assert store_picture(Image.new("RGB", (30, 20)), 64, "jpeg", 80).pixels.size == (30, 20)
    assert store_picture(Image.new("RGB", (5000, 2)), 64, "jpeg", 80).pixels.size == (64, 1)


def test_a_target_that_is_something_else_is_refused(tmp_path):
    refuse_target(tmp_path / "new", overwrite=False)
    (tmp_path / "empty").mkdir()
    refuse_target(tmp_path / "empty", overwrite=False)
    (tmp_path / "file").write_text("mine")
    for target in (tmp_path, tmp_path / "file", gallery(tmp_path / "foreign", '{"format": "other"}')):
        with pytest.raises(GalleryError, match="exists and is not a gallery"):
            refuse_target(target, overwrite=True)


def test_a_gallery_is_replaced_only_when_asked_for(tmp_path):
    old = gallery(tmp_path / "old")
    with pytest.raises(GalleryError, match="give --overwrite"):
        refuse_target(old, overwrite=False)
    refuse_target(old, overwrite=True)


def test_what_people_put_beside_a_gallery_stays(tmp_path):
    old = gallery(tmp_path / "photos")
    (old / "LICENSE").write_text("GPL-2")
    (old / "credits").mkdir()
    (old / "credits" / "names.txt").write_text("them")
    (old / "patches.int8").write_bytes(b"old")
    with build_folder(old) as folder:
        (folder / MANIFEST_NAME).write_text("new")
        publish(folder, old)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "photos/LICENSE",
        "photos/credits/names.txt",
        f"photos/{MANIFEST_NAME}",
    ]
    assert (old / MANIFEST_NAME).read_text() == "new"


def test_a_failed_build_leaves_nothing(tmp_path):
    old = gallery(tmp_path / "photos")
    with pytest.raises(OSError, match="disk full"), build_folder(old) as folder:
        (folder / "index.usearch").write_bytes(b"half")
        raise OSError("disk full")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    assert (old / MANIFEST_NAME).read_text() == OURS


def test_what_a_killed_builder_left_is_cleared(tmp_path):
    left = tmp_path / ".photos.building"
    (left / "deep").mkdir(parents=True)
    (left / "patches.int8").write_bytes(b"half")
    with build_folder(tmp_path / "photos") as folder:
        assert folder == left
        assert sorted(path.name for path in folder.iterdir()) == ["owner.pid"]
        publish(folder, tmp_path / "photos")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_two_builders_of_one_gallery_are_kept_apart(tmp_path):
    with build_folder(tmp_path / "photos") as folder:
        (folder / "patches.int8").write_bytes(b"the first one's")
        with pytest.raises(GalleryError, match=f"Another builder .process {os.getpid()}. is at work"):
            build_folder(tmp_path / "photos").__enter__()
        assert (folder / "patches.int8").read_bytes() == b"the first one's"
        with build_folder(tmp_path / "others"):
            pass


def test_a_folder_published_while_its_lock_was_waited_for_is_left_alone(tmp_path, monkeypatch):
    target, flock = tmp_path / "photos", fcntl.flock

    def publish_meanwhile(lock, operation):
        (tmp_path / ".photos.building" / MANIFEST_NAME).write_text("theirs")
        (tmp_path / ".photos.building").rename(target)
        flock(lock, operation)

    monkeypatch.setattr(fcntl, "flock", publish_meanwhile)
    with pytest.raises(GalleryError, match="Another builder has just finished"):
        build_folder(target).__enter__()
    assert (target / MANIFEST_NAME).read_text() == "theirs"
