"""Crops instead of whole pictures: what is cut out, what is left to ask for, and which suites have none."""

import numpy as np
import pytest

from stnet.evaluate import parse_arguments
from stnet.evaluation.suites.base import Entry, KnownObject, SuiteQuery
from stnet.evaluation.suites.crops import SMALLEST, WHOLE, CropEntries, crop_to
from stnet.evaluation.suites.opening import open_suite
from tests.evaluation.toys import LEFT, RED, RIGHT, ink


class Pictures:
    """Picture 0 is asked for by the thing on the right, picture 1 by nothing, picture 2 by a tiny thing."""

    name, complete = "pictures", True
    tiny = (0.0, 0.0, 0.1, 1.0)

    def __len__(self):
        return 3

    def entry(self, index):
        pixels = np.arange(64 * 80 * 3, dtype=np.uint32).reshape(64, 80, 3).astype(np.uint8)
        right = KnownObject("square", RIGHT, frozenset({RED}))
        others = (KnownObject("circle", LEFT if index else self.tiny), right, KnownObject("star", self.tiny))
        boxes = {0: (RIGHT,), 2: (self.tiny,)}
        asked = [SuiteQuery(index, "square", boxes[index], ink(), "a red one")] if index in boxes else []
        return Entry(pixels, others, tuple(asked))


def test_a_box_becomes_its_pixels():
    pixels = np.arange(4 * 8).reshape(4, 8, 1)
    assert (crop_to(pixels, (0.25, 0.5, 0.75, 1.0)) == pixels[2:, 2:6]).all()
    assert crop_to(pixels, WHOLE).shape == pixels.shape
    assert (crop_to(pixels, (0.3, 0.3, 0.4, 0.4)) == pixels[1:2, 2:4]).all()  # what is touched is in it
    assert crop_to(pixels, (1.0, 1.0, 1.0, 1.0)).tolist() == [[[31]]]


def test_what_is_asked_for_is_cut_out_or_the_largest_thing():
    suite, pictures = CropEntries(Pictures()), Pictures()
    assert (suite.name, suite.complete, len(suite)) == ("pictures crops", True, 3)
    asked = suite.entry(0)
    assert (asked.pixels == pictures.entry(0).pixels[16:48, 40:80]).all()
    assert asked.objects == (KnownObject("square", WHOLE, frozenset({RED})),)
    (query,) = asked.queries
    assert (query.boxes, query.text, query.image) == ((WHOLE,), "a red one", 0)
    nobody = suite.entry(1)
    assert nobody.queries == () and nobody.objects[0].category == "circle"


def test_what_is_too_small_is_not_asked_for():
    tiny = CropEntries(Pictures()).entry(2)
    assert tiny.pixels.shape[1] < SMALLEST and tiny.queries == ()


def test_suites_without_boxes_or_with_several_queries_have_no_crops():
    class Several(Pictures):
        def entry(self, index):
            entry = super().entry(index)
            return Entry(entry.pixels, entry.objects, entry.queries * 2)

    with pytest.raises(ValueError, match="picture 0 of pictures has 2 queries and 3 things"):
        CropEntries(Several()).entry(0)


def test_the_command_line_asks_for_crops_of_composed_suites():
    suite = open_suite(parse_arguments(["--suite", "shapes", "--crops", "--images", "2"]))
    assert (suite.name, suite.complete, len(suite)) == ("shapes crops", False, 2)
    assert suite.entry(0).objects[0].box == WHOLE
    with pytest.raises(ValueError, match=r"--crops is for the suites scenes-1k.*got photos"):
        open_suite(parse_arguments(["--suite", "photos", "--crops"]))
