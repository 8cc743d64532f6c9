import errno
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index_builder import BuildSettings, build_gallery, open_source
from index_builder.sources.entry import Entry, SourceError
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DATA_FILES, MANIFEST_NAME, PICTURES_NAME
from stnet.picture_kinds import format_names
from tests.galleries import draw_photo, load, make_photos


@pytest.fixture
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


class Listed:
    """A source from a list of entries."""

    name = "listed"

    def __init__(self, *entries):
        self._entries = entries

    def __len__(self):
        return len(self._entries)

    def __iter__(self):
        return iter(self._entries)


def build(folder, loaded, target, **options):
    return build_gallery(open_source(str(folder)), loaded, target, **options)


def test_unreadable_files_are_skipped_counted_and_named(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 3)
    (photos / "empty.jpg").write_bytes(b"")
    (photos / "page.png").write_text("<html>404</html>")
    whole = (photos / "photo-00.png").read_bytes()
    (photos / "half.png").write_bytes(whole[: len(whole) // 2])
    (photos / "gone.png").symlink_to(photos / "nowhere.png")
    done = []
    report = build(photos, loaded, tmp_path / "gallery", progress=done.append)
    assert report.indexed == 3
    assert {item["id"]: item["reason"].split(" (")[0] for item in report.skipped} == {
        "empty.jpg": f"it is not a {format_names()} picture",
        "page.png": f"it is not a {format_names()} picture",
        "half.png": "it can't be decoded",
        "gone.png": "there is no such file",
    }
    assert done == [1, 2, 3, 4, 5, 6, 7]
    gallery = Gallery.open(tmp_path / "gallery")
    assert [gallery.id(row) for row in range(3)] == ["photo-00.png", "photo-01.png", "photo-02.png"]
    assert gallery.manifest.skipped == 4
    assert report.bytes == sum((tmp_path / "gallery" / name).stat().st_size for name in DATA_FILES)
    assert report.to_dict()["images_per_second"] > 0


def test_nothing_readable_is_an_error_and_no_gallery(loaded, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_bytes(b"x")
    with pytest.raises(
        SourceError, match=r"Not one of 1 pictures could be read; the first: a\.png: it is not a"
    ):
        build(tmp_path / "photos", loaded, tmp_path / "gallery")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_an_id_is_given_once(loaded, tmp_path):
    path = make_photos(tmp_path / "photos", 2)
    first, second = path / "photo-00.png", path / "photo-01.png"
    source = Listed(Entry("same", first), Entry("same", second), Entry("none", None), Entry("other", second))
    report = build_gallery(source, loaded, tmp_path / "gallery")
    assert report.skipped == [
        {"id": "same", "reason": "an earlier picture has the same id"},
        {"id": "none", "reason": "the source has no picture for it"},
    ]
    assert Gallery.open(tmp_path / "gallery").row("other") == 1


def test_every_mode_and_orientation_becomes_an_upright_rgb_picture(loaded, tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    exif = Image.Exif()
    exif[0x0112] = 8
    draw_photo(0).save(photos / "turned.jpg", exif=exif)
    for mode in ("L", "LA", "P", "1", "I;16", "RGBA"):
        Image.new(mode, (40, 20)).save(photos / f"{mode.replace(';', '')}.png")
    draw_photo(1).convert("CMYK").save(photos / "cmyk.jpg")
    Image.new("RGB", (1, 1)).save(photos / "dot.png")
    Image.new("RGB", (2000, 3)).save(photos / "strip.png")
    report = build(photos, loaded, tmp_path / "gallery", settings=BuildSettings(picture_size=80))
    assert report.skipped == []
    gallery = Gallery.open(tmp_path / "gallery")
    assert gallery.size(gallery.row("turned.jpg")) == (53, 80)
    assert gallery.size(gallery.row("strip.png")) == (80, 1)
    assert {gallery.picture(row).mode for row in range(len(gallery))} == {"RGB"}
    transparent = gallery.picture(gallery.row("RGBA.png"))
    assert transparent.getpixel((5, 5)) == (255, 255, 255)


def test_a_damaged_camera_block_costs_no_photo_and_no_build(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 1)
    entries = struct.pack("<HHHII", 1, 0x0112, 2, 4, 0x41414141) + bytes(4)  # an orientation of text
    draw_photo(1).save(photos / "damaged.jpg", exif=b"Exif\0\0II*\0\x08\0\0\0" + entries)
    report = build(photos, loaded, tmp_path / "gallery")
    assert (report.indexed, report.skipped) == (2, [])


def test_what_could_hold_photos_and_is_not_read_is_named(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 1)
    os.mkfifo(photos / "pipe.jpg")  # to open it would wait for ever
    (photos / "portrait.NEF").write_bytes(b"II*\0")
    (photos / "logo.svg").write_text("<svg/>")
    report = build(photos, loaded, tmp_path / "gallery")
    assert report.indexed == 1
    assert {item["id"]: item["reason"].split(":")[0] for item in report.skipped} == {
        "pipe.jpg": "it is no file but a pipe or a device",
        "portrait.NEF": "a camera's raw file is not read",
        "logo.svg": "pictures of this kind (.svg) are not read",
    }


def test_half_a_character_costs_that_character_and_nothing_else(loaded, tmp_path):
    photo = make_photos(tmp_path / "photos", 1) / "photo-00.png"
    said = {"text": "a boat \ud83d", "n\udc00": ["\ud83d\ude80", {"x": "\ude80"}]}
    build_gallery(Listed(Entry("a\ud83d.png", photo, said)), loaded, tmp_path / "gallery")
    gallery = Gallery.open(tmp_path / "gallery")
    assert gallery.id(0) == "a\ufffd.png"
    assert gallery.metadata(0) == {"text": "a boat \ufffd", "n\ufffd": ["\U0001f680", {"x": "\ufffd"}]}


def test_a_link_as_target_stays_a_link(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 2)
    (tmp_path / "disk").mkdir()
    (tmp_path / "mine").symlink_to(tmp_path / "disk" / "gallery")
    for overwrite in (False, True):
        build(photos, loaded, tmp_path / "mine", overwrite=overwrite)
    assert (tmp_path / "mine").is_symlink()
    assert Gallery.open(tmp_path / "mine").name == "mine"
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["gallery"]


def test_the_folder_one_stands_in_can_be_the_target(loaded, tmp_path, monkeypatch):
    photos = make_photos(tmp_path / "photos", 2)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for overwrite in (False, True):
        build(photos, loaded, Path("."), overwrite=overwrite)
        assert Gallery.open(Path(".")).name == "here"
    assert sorted(path.name for path in here.iterdir()) == sorted([*DATA_FILES, MANIFEST_NAME])


def test_a_volume_takes_a_gallery_and_its_successor(loaded, tmp_path, monkeypatch):
    photos, volume = make_photos(tmp_path / "photos", 2), tmp_path / "volume"
    (volume / "lost+found").mkdir(parents=True)
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path) == volume)
    rename = os.rename

    def busy(old, new):
        if volume in (Path(old), Path(new)):
            raise OSError(errno.EBUSY, "Device or resource busy")
        rename(old, new)

    monkeypatch.setattr("os.rename", busy)
    build(photos, loaded, volume)
    served = Gallery.open(volume)
    (volume / "LICENSE").write_text("mine")
    make_photos(tmp_path / "more", 3)
    build(tmp_path / "more", loaded, volume, overwrite=True)
    assert len(served) == 2
    assert served.picture(1).size == (96, 64)
    assert len(Gallery.open(volume)) == 3
    left = {path.name for path in volume.iterdir()} - {*DATA_FILES, MANIFEST_NAME}
    assert left == {"lost+found", "LICENSE"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["more", "photos", "volume"]


def test_metadata_is_carried(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 2)
    (photos / "metadata.jsonl").write_text('{"file_name": "photo-01.png", "text": "ein Hügel"}')
    build(photos, loaded, tmp_path / "gallery", name="Hügel")
    gallery = Gallery.open(tmp_path / "gallery")
    assert gallery.name == "Hügel"
    assert [gallery.metadata(row) for row in range(2)] == [{}, {"text": "ein Hügel"}]


def test_the_same_pictures_give_the_same_files(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 40)
    for name in ("first", "second"):
        build(photos, loaded, tmp_path / name, name="same")
    for name in (*DATA_FILES, MANIFEST_NAME):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


def test_pictures_beyond_the_first_row_group_are_found(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 70)
    build(
        photos,
        loaded,
        tmp_path / "gallery",
        settings=BuildSettings(picture_format="webp", picture_quality=95),
    )
    gallery = Gallery.open(tmp_path / "gallery")
    for row in (0, 31, 32, 63, 64, 69):
        error = np.asarray(gallery.picture(row)).astype(int) - np.asarray(draw_photo(row))
        assert np.abs(error).mean() < 4


def test_a_gallery_can_be_rebuilt_from_its_own_pictures(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 5)
    (photos / "metadata.jsonl").write_text('{"file_name": "photo-01.png", "text": "a hill"}')
    target = tmp_path / "gallery"
    build(photos, loaded, target)
    before = Gallery.open(target)
    shutil.rmtree(photos)
    build(target / PICTURES_NAME, loaded, target, overwrite=True)
    after = Gallery.open(target)
    assert [after.id(row) for row in range(5)] == [before.id(row) for row in range(5)]
    assert after.metadata(1) == {"text": "a hill"}
    assert after.metadata(0) == {}
    stored, again = before.patch_features(np.arange(5)), after.patch_features(np.arange(5))
    assert (stored - again).abs().max() < 0.2 * stored.abs().max()  # encoded as JPEG twice


def test_the_first_pictures_only(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 5)
    report = build(photos, loaded, tmp_path / "gallery", settings=BuildSettings(limit=2))
    assert report.indexed == 2


def test_pictures_without_finite_features_are_skipped(loaded, tmp_path, monkeypatch):
    encode = loaded.model.encode_image

    def spoiled(pixels):
        patches = encode(pixels).clone()
        patches[-1] = float("nan")
        return patches

    monkeypatch.setattr(loaded.model, "encode_image", spoiled)
    photos = make_photos(tmp_path / "photos", 4)
    report = build(photos, loaded, tmp_path / "gallery", settings=BuildSettings(batch_size=2))
    reason = "the model makes no finite features of it"
    assert report.skipped == [{"id": f"photo-0{n}.png", "reason": reason} for n in (1, 3)]
    gallery = Gallery.open(tmp_path / "gallery")
    assert [gallery.id(row) for row in range(2)] == ["photo-00.png", "photo-02.png"]


def test_a_full_disk_leaves_the_old_gallery(loaded, tmp_path, monkeypatch):
    photos = make_photos(tmp_path / "photos", 4)
    target = tmp_path / "gallery"
    build(photos, loaded, target)
    before = (target / MANIFEST_NAME).read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("stnet.gallery.writing.GalleryWriter.finish", full)
    with pytest.raises(OSError, match="No space left"):
        build(photos, loaded, target, name="new", overwrite=True)
    assert (target / MANIFEST_NAME).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gallery", "photos"]
