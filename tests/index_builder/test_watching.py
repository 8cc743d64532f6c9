import logging
import os

import pytest

from index_builder.watching import SEEN_NAME, Watch
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DATA_FILES, MANIFEST_NAME, GalleryError
from tests.galleries import draw_photo, load, make_photos


@pytest.fixture
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


@pytest.fixture
def photos(tmp_path):
    return make_photos(tmp_path / "photos", 3)


@pytest.fixture
def watch(loaded, photos, tmp_path, caplog):
    """Has made the gallery."""
    made = Watch(photos, tmp_path / "gallery", loaded)
    assert [made.look(), made.look(), made.look()] == [False, True, False]
    caplog.set_level(logging.INFO, "index_builder")
    return made


def ids(folder):
    gallery = Gallery.open(folder)
    return [gallery.id(row) for row in range(len(gallery))]


def test_each_change_of_the_folder_is_one_of_the_gallery(watch, photos, tmp_path, caplog):
    draw_photo(7).save(photos / "new.png")
    draw_photo(8).save(photos / "photo-01.png")
    os.utime(photos / "photo-01.png", ns=(5, 5))
    (photos / "photo-00.png").unlink()
    (photos / "bad.png").write_bytes(b"x")
    assert [watch.look(), watch.look(), watch.look()] == [False, True, False]
    assert ids(tmp_path / "gallery") == ["photo-02.png", "new.png", "photo-01.png"]
    said = [record.getMessage() for record in caplog.records if record.name.endswith("watching")]
    assert said[:3] == ["added new.png", "replaced photo-01.png", "removed photo-00.png"]
    assert said[3].startswith("skipped bad.png (it is not a")
    assert said[4].endswith("has 3 pictures now")
    assert {path.name for path in (tmp_path / "gallery").iterdir()} == {*DATA_FILES, MANIFEST_NAME, SEEN_NAME}


def test_what_is_still_being_copied_waits(watch, photos, tmp_path):
    content = (photos / "photo-00.png").read_bytes()
    for length in (10, 40, len(content)):
        (photos / "copied.png").write_bytes(content[:length])
        assert not watch.look()
    assert watch.look()
    assert ids(tmp_path / "gallery")[-1] == "copied.png"


def test_a_watch_is_taken_up_where_it_was_left(watch, photos, loaded, tmp_path):
    (photos / "metadata.jsonl").write_text('{"file_name": "photo-02.png", "text": "a hill"}')
    encoded = []
    again = Watch(photos, tmp_path / "gallery", loaded, progress=encoded.append)
    assert [again.look(), again.look(), again.look()] == [False, True, False]
    assert encoded == [1]
    gallery = Gallery.open(tmp_path / "gallery")
    assert gallery.metadata(gallery.row("photo-02.png")) == {"text": "a hill"}


def test_what_can_not_be_done_is_said_once_and_tried_after_the_next_change(watch, photos, tmp_path, caplog):
    for number in range(3):
        (photos / f"photo-0{number}.png").unlink()
    assert [watch.look() for _ in range(4)] == [False] * 4
    assert caplog.text.count("would be left") == 1
    draw_photo(4).save(photos / "photo-04.png")
    assert [watch.look(), watch.look()] == [False, True]
    assert ids(tmp_path / "gallery") == ["photo-04.png"]


def test_a_folder_that_is_gone_is_said_once_and_waited_for(watch, photos, caplog):
    photos.rename(photos.with_name("away"))
    assert [watch.look() for _ in range(3)] == [False] * 3
    assert caplog.text.count("can't be read") == 1
    photos.with_name("away").rename(photos)
    assert [watch.look() for _ in range(3)] == [False] * 3


def test_another_model_s_gallery_is_refused_at_once(watch, photos, loaded, tmp_path):
    with pytest.raises(GalleryError, match="was built with another model"):
        Watch(photos, tmp_path / "gallery", loaded._replace(fingerprint="0" * 64))
