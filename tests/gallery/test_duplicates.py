import io

import numpy as np
import pytest
from PIL import Image

from index_builder import build_gallery, open_source
from stnet.gallery.duplicates import LEAST_COSINE, MOST_BITS, first_of_each, picture_hash
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DUPLICATES_NAME, GalleryError, read_manifest, seal_file, write_manifest
from stnet.search import SearchEngine
from tests.galleries import draw_photo, drawing, load, make_photos


def png(picture):
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def ramp(step):
    """Brightness that grows by `step` from pixel to pixel."""
    levels = (128 + step * (np.arange(90) - 45)).astype(np.uint8)
    return Image.fromarray(np.tile(levels, (80, 1)))


def test_the_hash_says_where_brightness_grows():
    assert picture_hash(png(ramp(2))) == 2**64 - 1
    assert picture_hash(png(ramp(-2))) == 0
    half = Image.new("L", (90, 80))
    half.paste(ramp(2).crop((0, 0, 90, 40)), (0, 0))
    assert picture_hash(png(half)) == 2**64 - 2**32


def slowly(hashes, vectors):
    """Each picture beside every one before it that is like no other."""
    first = []
    for row, one in enumerate(hashes.tolist()):
        like = [
            other
            for other in range(row)
            if first[other] == other
            and (int(hashes[other]) ^ one).bit_count() <= MOST_BITS
            and vectors[other] @ vectors[row] >= LEAST_COSINE
        ]
        first.append(like[0] if like else row)
    return first


def test_near_duplicates_are_those_that_every_pair_shows():
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, 40, dtype=np.uint64)
    vectors = rng.normal(size=(40, 8)).astype(np.float32)
    # copies of the first ten with 0 to 8 bits changed, some of them of another direction
    bits = np.array(
        [sum(1 << int(bit) for bit in rng.choice(64, row % 9, False)) for row in range(40)], np.uint64
    )
    origin = np.arange(40) % 10
    hashes[10:] = hashes[origin[10:]] ^ bits[10:]
    vectors[10:30] = vectors[origin[10:30]] + 0.01
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    first = first_of_each(hashes, lambda rows: vectors[rows])
    assert first.tolist() == slowly(hashes, vectors)
    assert 0 < (first != np.arange(40)).sum() < 30


def test_many_of_the_same_are_one():
    first = first_of_each(np.zeros(3000, np.uint64), lambda rows: np.ones((len(rows), 1), np.float32))
    assert (first == 0).all()
    assert first_of_each(np.zeros(0, np.uint64), lambda rows: np.ones((0, 1))).size == 0


@pytest.fixture
def gallery(tiny_checkpoint, tmp_path):
    """photo-00.png to photo-04.png, and photo-02.png again at half the size."""
    photos = make_photos(tmp_path / "photos", 5)
    draw_photo(2).resize((48, 32)).save(photos / "small.png")
    build_gallery(open_source(str(photos)), load(tiny_checkpoint), tmp_path / "gallery")
    return tmp_path / "gallery"


def test_a_copy_is_marked_when_a_gallery_is_built_and_can_be_hidden(gallery, tiny_checkpoint):
    opened = Gallery.open(gallery)
    assert opened.without_duplicates(np.array([1, 2, 5])).tolist() == [1, 2]
    assert opened.without_duplicates(np.array([1, 5])).tolist() == [1, 5]  # its like is not asked for
    assert opened.without_duplicates(None).tolist() == [0, 1, 2, 3, 4]
    engine = SearchEngine(load(tiny_checkpoint), opened)
    for exhaustive in (False, True):
        every = engine.search(drawing(), "a boat", exhaustive=exhaustive)
        hidden = engine.search(drawing(), "a boat", exhaustive=exhaustive, hide_duplicates=True)
        assert [one.id for one in hidden.results] == [
            one.id for one in every.results if one.id != "small.png"
        ]
        assert len(every.results) == 6


def test_a_gallery_from_before_shows_all(gallery):
    manifest = read_manifest(gallery)
    files = {name: seal for name, seal in manifest.files.items() if name != DUPLICATES_NAME}
    manifest.files.clear()
    manifest.files.update(files)
    write_manifest(gallery, manifest)
    (gallery / DUPLICATES_NAME).unlink()
    assert Gallery.open(gallery).without_duplicates(np.arange(6)).tolist() == list(range(6))
    assert Gallery.open(gallery).without_duplicates(None) is None


def test_marks_of_another_gallery_are_refused(gallery):
    np.array([0, 1, 2, 3, 4, 6], "<i4").tofile(gallery / DUPLICATES_NAME)
    manifest = read_manifest(gallery)
    manifest.files[DUPLICATES_NAME] = seal_file(gallery / DUPLICATES_NAME)
    write_manifest(gallery, manifest)
    with pytest.raises(GalleryError, match=r"duplicates\.rows is not this gallery's"):
        Gallery.open(gallery)
