"""The suite of drawings in a gallery of photographs: right answers, and galleries that lack them."""

import numpy as np
import pytest

from stnet.data.splits import GalleryQuestion
from stnet.evaluation.suites.photo_gallery import GalleryEntries
from stnet.gallery.gallery import Gallery
from tests.galleries import make_gallery

STROKES = [np.array([[0, 0], [200, 0], [200, 90]], np.float32)]
QUESTIONS = (
    GalleryQuestion("cat", "1", frozenset({"photo-04.png", "photo-01.png"})),
    GalleryQuestion("owl", "2", frozenset({"photo-01.png"})),
)
DRAWINGS = {("cat", "1"): STROKES, ("owl", "2"): STROKES}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory, tiny_checkpoint):
    opened = Gallery.open(make_gallery(tmp_path_factory.mktemp("made"), tiny_checkpoint, 6))
    yield opened
    opened.close()


def test_all_pictures_that_show_the_thing_are_right(gallery):
    suite = GalleryEntries(gallery, QUESTIONS, DRAWINGS)
    assert (suite.name, len(suite), suite.complete) == ("photo-gallery", 6, True)
    entry = suite.entry(1)
    cat, owl = entry.queries
    assert (cat.image, cat.also, cat.text) == (1, frozenset({4}), "cat")
    assert (owl.image, owl.also, owl.category) == (1, frozenset(), "owl")
    assert cat.sketch.shape == (128, 128) and cat.sketch.any()
    assert {thing.category for thing in entry.objects} == {"cat", "owl"}
    assert [thing.category for thing in suite.entry(4).objects] == ["cat"]
    assert suite.entry(4).queries == suite.entry(0).objects == ()
    assert np.array_equal(entry.pixels, np.asarray(gallery.picture(1)))


def test_a_part_asks_what_it_can_answer(gallery):
    part = GalleryEntries(gallery, QUESTIONS, DRAWINGS, images=2)
    assert not part.complete and [query.also for query in part.entry(1).queries] == [frozenset()] * 2


def test_a_gallery_of_other_pictures_is_refused(gallery):
    asked = (*QUESTIONS, GalleryQuestion("pig", "3", frozenset({"pig.jpg"})))
    with pytest.raises(ValueError, match=r"lacks 1 photographs that are asked for, pig\.jpg for one: make"):
        GalleryEntries(gallery, asked, DRAWINGS)
