from dataclasses import replace

import pytest

from index_builder import BuildSettings, build_gallery, open_source
from index_builder.launching import launched_part
from index_builder.merging import merge_galleries
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DATA_FILES, MANIFEST_NAME, GalleryError
from tests.galleries import draw_photo, load, make_photos

SETTINGS = BuildSettings(batch_size=2, shard_size=4, threads=0)


@pytest.fixture
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


def build(photos, loaded, target, **changes):
    return build_gallery(open_source(str(photos)), loaded, target, settings=replace(SETTINGS, **changes))


@pytest.mark.parametrize("of", [2, 3])
def test_parts_together_are_the_gallery_of_one_build(loaded, tmp_path, of):
    photos = make_photos(tmp_path / "photos", 14)
    (photos / "photo-03.png").write_bytes(b"x")
    build(photos, loaded, tmp_path / "whole")
    parts = [tmp_path / f"part-{number}" for number in range(1, of + 1)]
    for number, part in enumerate(parts, 1):
        build(photos, loaded, part, part=(number, of))
    report = merge_galleries(parts, tmp_path / "merged", name="whole")
    assert report.indexed == 13
    for name in (*DATA_FILES, MANIFEST_NAME):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "merged" / name).read_bytes(), name
    assert {path.name for path in (tmp_path / "merged").iterdir()} == {*DATA_FILES, MANIFEST_NAME}
    assert sum(len(Gallery.open(part)) for part in parts) == 13


def test_what_does_not_belong_together_is_refused(loaded, tmp_path):
    photos = make_photos(tmp_path / "photos", 2)
    build(photos, loaded, tmp_path / "one")
    (tmp_path / "other").mkdir()
    draw_photo(9).save(tmp_path / "other" / "nine.png")
    build(tmp_path / "other", loaded, tmp_path / "webp", picture_format="webp")
    with pytest.raises(GalleryError, match=r"another part has 'photo-00\.png'"):
        merge_galleries([tmp_path / "one"] * 2, tmp_path / "merged")
    with pytest.raises(GalleryError, match=r"its picture_format is 'webp', that of .* is 'jpeg'"):
        merge_galleries([tmp_path / "one", tmp_path / "webp"], tmp_path / "merged")
    with pytest.raises(GalleryError, match="is one of the parts"):
        merge_galleries([tmp_path / "one"], tmp_path / "one", overwrite=True)
    with pytest.raises(GalleryError, match="expected the folder of at least one gallery"):
        merge_galleries([], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_a_launched_process_builds_its_part(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert launched_part() is None
    monkeypatch.setenv("WORLD_SIZE", "3")
    monkeypatch.setenv("RANK", "1")
    assert launched_part() == (2, 3)
    monkeypatch.setenv("RANK", "3")
    with pytest.raises(ValueError, match="RANK < WORLD_SIZE"):
        launched_part()
