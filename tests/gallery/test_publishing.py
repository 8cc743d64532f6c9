import errno
import fcntl
import os

import pytest

from stnet.gallery.manifest import MANIFEST_NAME, PUBLISHED, GalleryError, standing_folder
from stnet.gallery.publishing import build_folder, finish_publication, publish, refuse_target, target_folder

OURS = '{"format": "stnet-gallery"}'


def gallery(folder, text=OURS):
    folder.mkdir()
    (folder / MANIFEST_NAME).write_text(text)
    return folder


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


def test_a_folder_that_holds_only_furniture_is_empty(tmp_path):
    (tmp_path / "volume" / "lost+found").mkdir(parents=True)
    refuse_target(tmp_path / "volume", overwrite=False)
    (tmp_path / "volume" / "thesis.tex").write_text("mine")
    with pytest.raises(GalleryError, match="exists and is not a gallery"):
        refuse_target(tmp_path / "volume", overwrite=False)


def test_links_are_followed_and_circles_refused(tmp_path):
    (tmp_path / "here").symlink_to("there")
    assert target_folder(tmp_path / "here") == tmp_path / "there"
    (tmp_path / "there").symlink_to("here")
    try:
        found = target_folder(tmp_path / "here")
    except GalleryError as error:
        assert "leads to itself" in str(error)
    else:  # Python >= 3.13 leaves it to who uses the path
        with pytest.raises(OSError, match="symbolic links"):
            build_folder(found).__enter__()


def test_a_folder_that_is_there_is_published_into(tmp_path):
    """It may be a mount point, the folder one stands in, or be shared with others."""
    old = gallery(tmp_path / "photos")
    (old / "patches.int8").write_bytes(b"old")
    inode = old.stat().st_ino
    with build_folder(old) as folder:
        assert folder.parent == old
        (folder / MANIFEST_NAME).write_text("new")
        (folder / "index.usearch").write_bytes(b"new")
        publish(folder, old)
    assert old.stat().st_ino == inode
    assert sorted(path.name for path in old.iterdir()) == [MANIFEST_NAME, "index.usearch"]


def published(old):
    """What a builder leaves that is killed when its gallery has just become the one that is read."""
    new = gallery(old / PUBLISHED, OURS.replace("}", ', "new": 1}'))
    (new / "patches.int8").write_bytes(b"new")
    return new


def test_one_rename_makes_the_new_gallery_the_one_that_is_read(tmp_path):
    old = gallery(tmp_path / "photos")
    assert standing_folder(old) == old
    new = published(old)
    assert standing_folder(old) == new
    (new / MANIFEST_NAME).unlink()
    assert standing_folder(old) == old


def test_what_a_killed_builder_published_takes_its_place_before_the_next_build(tmp_path):
    old = gallery(tmp_path / "photos")
    published(old)
    with pytest.raises(OSError, match="disk full"), build_folder(old):
        raise OSError("disk full")
    assert sorted(path.name for path in old.iterdir()) == [MANIFEST_NAME, "patches.int8"]
    assert "new" in (old / MANIFEST_NAME).read_text()
    finish_publication(old)  # nothing is left to do
    assert (old / "patches.int8").read_bytes() == b"new"


def test_a_publication_that_goes_on_is_left_to_its_builder(tmp_path):
    old = gallery(tmp_path / "photos")
    lock = os.open(published(old), os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(GalleryError, match="Another builder"):
        finish_publication(old)
    os.close(lock)
    assert standing_folder(old) == old / PUBLISHED


def test_a_disk_without_links_gets_copies(tmp_path, monkeypatch):
    def refuse(path, other):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    old = gallery(tmp_path / "photos")
    published(old)
    finish_publication(old)
    assert (old / "patches.int8").read_bytes() == b"new"
    assert sorted(path.name for path in old.iterdir()) == [MANIFEST_NAME, "patches.int8"]


def test_what_a_killed_builder_left_in_an_empty_folder_is_no_content(tmp_path):
    (tmp_path / ".building").mkdir()
    refuse_target(tmp_path, overwrite=False)
    with build_folder(tmp_path) as folder:
        assert folder == tmp_path / ".building"
