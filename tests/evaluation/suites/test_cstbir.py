"""CSTBIR as a suite: its photos, their boxes as shares of the picture, and the queries of the CSV."""

import pytest

from stnet.data.cstbir import load_cstbir
from stnet.evaluation.suites.cstbir import CstbirEntries
from tests.cstbir_folder import SIZE, make_cstbir


@pytest.fixture
def suite(tmp_path):
    return CstbirEntries(load_cstbir(make_cstbir(tmp_path), "test"), "test")


def test_an_entry_asks_for_its_own_photo(suite):
    assert suite.name == "cstbir test" and suite.complete and len(suite) == 8
    entry = suite.entry(2)
    (query,) = entry.queries
    assert entry.pixels.shape == (SIZE[1], SIZE[0], 3)
    assert (query.image, query.category, query.text) == (2, "box", "in front of green")
    assert query.groups == ("human sketches",) and query.sketch.max() > 127
    assert query.strokes is not None


def test_boxes_are_shares_of_the_picture(suite):
    entry = suite.entry(2)
    (thing,) = entry.objects
    left = 10 + 4 * 2
    assert thing.box == pytest.approx((left / 80, 15 / 60, (left + 30) / 80, 45 / 60))
    assert entry.queries[0].boxes == (thing.box,)


def test_where_no_box_is_known_none_is_made_up(suite):
    entry = suite.entry(7)
    assert entry.objects == () and entry.queries[0].boxes == ()


def test_a_part_of_it_says_so(tmp_path):
    photos = load_cstbir(make_cstbir(tmp_path), "test", images=3)
    assert not CstbirEntries(photos, "test", complete=False).complete
