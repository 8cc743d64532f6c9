import numpy as np
import pytest

from index_builder import BuildSettings, build_gallery, open_source
from index_builder.changing import add_pictures, remove_pictures
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DATA_FILES, MANIFEST_NAME, GalleryError
from stnet.search import SearchEngine
from tests.galleries import draw_photo, drawing, load, make_photos

# each picture is a batch of its own, so that there is nothing to round otherwise
SETTINGS = BuildSettings(batch_size=1, shard_size=2, picture_size=64)


@pytest.fixture
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


@pytest.fixture
def gallery(loaded, tmp_path):
    """photo-00.png to photo-05.png."""
    photos = make_photos(tmp_path / "photos", 6)
    build_gallery(open_source(str(photos)), loaded, tmp_path / "gallery", settings=SETTINGS)
    return tmp_path / "gallery"


def more_photos(folder, numbers):
    folder.mkdir()
    for number in numbers:
        draw_photo(number).save(folder / f"photo-{number:02d}.png")
    return open_source(str(folder))


def answers(loaded, folder):
    response = SearchEngine(loaded, Gallery.open(folder)).search(drawing(), "a boat", top_k=20)
    return [(result.id, result.score, result.picture_bytes) for result in response.results]


def assert_same_files(one, other):
    for name in (*DATA_FILES, MANIFEST_NAME):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert {path.name for path in one.iterdir()} == {*DATA_FILES, MANIFEST_NAME}


def test_added_pictures_are_found_as_if_they_had_been_there(loaded, gallery, tmp_path):
    report = add_pictures(gallery, more_photos(tmp_path / "more", [6, 7, 8]), loaded, settings=SETTINGS)
    assert report.added == ["photo-06.png", "photo-07.png", "photo-08.png"]
    assert (report.size, report.replaced, report.removed, report.skipped) == (9, [], [], [])
    more_photos(tmp_path / "all", range(9))
    build_gallery(
        open_source(str(tmp_path / "all")), loaded, tmp_path / "whole", name="gallery", settings=SETTINGS
    )
    assert_same_files(gallery, tmp_path / "whole")


def test_a_gallery_in_another_order_ranks_alike(loaded, gallery, tmp_path):
    remove_pictures(gallery, ["photo-02.png"])
    add_pictures(gallery, more_photos(tmp_path / "more", [2]), loaded, settings=SETTINGS)
    assert [Gallery.open(gallery).id(row) for row in (4, 5)] == ["photo-05.png", "photo-02.png"]
    build_gallery(open_source(str(tmp_path / "photos")), loaded, tmp_path / "whole", settings=SETTINGS)
    assert answers(loaded, gallery) == answers(loaded, tmp_path / "whole")


def test_without_some_pictures_it_is_the_gallery_of_the_others(loaded, gallery, tmp_path):
    opened = Gallery.open(gallery)
    before = opened.patch_features(np.arange(6)).numpy().copy()
    report = remove_pictures(gallery, ["photo-00.png", "photo-03.png"])
    assert (report.removed, report.size) == (["photo-00.png", "photo-03.png"], 4)
    # who has the old one open keeps it
    np.testing.assert_array_equal(opened.patch_features(np.arange(6)).numpy(), before)
    more_photos(tmp_path / "others", [1, 2, 4, 5])
    build_gallery(
        open_source(str(tmp_path / "others")), loaded, tmp_path / "whole", name="gallery", settings=SETTINGS
    )
    assert_same_files(gallery, tmp_path / "whole")


def test_pictures_that_are_there_are_skipped_or_renewed(loaded, gallery, tmp_path):
    source = more_photos(tmp_path / "more", [6, 7])
    draw_photo(50).save(tmp_path / "more" / "photo-01.png")
    (tmp_path / "more" / "photo-02.png").write_bytes(b"x")
    source = open_source(str(tmp_path / "more"))
    before = Gallery.open(gallery)
    report = add_pictures(gallery, source, loaded, settings=SETTINGS)
    assert (len(report.added), report.replaced) == (2, [])
    assert {item["reason"] for item in report.skipped} == {"the gallery has a picture with this id"}
    report = add_pictures(gallery, source, loaded, renew=True, remove=["photo-05.png"], settings=SETTINGS)
    assert report.replaced == ["photo-01.png", "photo-06.png", "photo-07.png"]
    assert (report.added, report.removed, report.size) == ([], ["photo-05.png"], 7)
    assert [item["id"] for item in report.skipped] == ["photo-02.png"]
    after = Gallery.open(gallery)
    for id, same in (("photo-00.png", True), ("photo-01.png", False), ("photo-02.png", True)):
        assert (before.picture_bytes(before.row(id)) == after.picture_bytes(after.row(id))) is same
    assert max(after.size(after.row("photo-06.png"))) == 64  # as the gallery's, whatever the settings say


def test_nothing_new_leaves_the_files_alone(loaded, gallery, tmp_path):
    inode = (gallery / MANIFEST_NAME).stat().st_ino
    report = add_pictures(gallery, open_source(str(tmp_path / "photos")), loaded, settings=SETTINGS)
    assert (report.added, report.size, len(report.skipped)) == ([], 6, 6)
    assert (gallery / MANIFEST_NAME).stat().st_ino == inode


def test_what_can_not_be_done_is_refused_and_changes_nothing(loaded, gallery, tmp_path):
    before = (gallery / MANIFEST_NAME).read_bytes()
    with pytest.raises(GalleryError, match="has no picture 'a', 'b', 'c', 'd', 'e' and 1 more"):
        remove_pictures(gallery, list("abcdef"))
    with pytest.raises(GalleryError, match="No picture of 'gallery' would be left"):
        remove_pictures(gallery, [f"photo-{number:02d}.png" for number in range(6)])
    with pytest.raises(GalleryError, match="There is no gallery at"):
        remove_pictures(tmp_path / "absent", ["a"])
    assert (gallery / MANIFEST_NAME).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gallery", "photos"]


def test_an_addition_that_was_cut_off_goes_on(loaded, gallery, tmp_path):
    source, encoded = more_photos(tmp_path / "more", [6, 7, 8]), []

    def stop(done):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_pictures(gallery, source, loaded, settings=SETTINGS, progress=stop)
    assert len(Gallery.open(gallery)) == 6
    assert add_pictures(gallery, source, loaded, settings=SETTINGS, progress=encoded.append).size == 9
    assert encoded == [2, 3]
