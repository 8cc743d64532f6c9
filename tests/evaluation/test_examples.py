"""The picture of queries: who is on it follows from the ranks alone."""

import numpy as np
import pytest

from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.examples import QUANTILES, SHOWN, at_quantiles, show
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from tests.evaluation.toys import ToySuite


def test_the_queries_stand_at_fixed_places_of_the_list_sorted_by_rank():
    ranks = np.array([9, 1, 5, 5, 2, 7, 3, 8, 4, 6])
    assert at_quantiles(ranks, (0.0, 0.5, 0.95)) == [1, 3, 0]  # of the equal ranks, 2 comes before 3
    assert at_quantiles(np.array([4]), (0.0, 0.99)) == [0, 0]


@pytest.mark.parametrize("words", [True, False])
def test_the_picture_has_a_row_a_query_and_frames_what_was_wanted(tiny_checkpoint, words):
    model, processor = (
        STNetModel.from_pretrained(tiny_checkpoint).eval(),
        STNetProcessor.from_pretrained(tiny_checkpoint),
    )
    suite = ToySuite(size=SHOWN, queries=3, words=words)  # every picture is among the first five
    sheet = np.asarray(show(model, encode_suite(model, processor, suite), suite))
    rows = np.split(sheet, len(QUANTILES))
    green = [(row == (20, 150, 70)).all(-1).any(0).nonzero()[0] for row in rows]
    assert all(len(columns) for columns in green)
    assert all(np.ptp(columns) < 160 for columns in green)  # one frame a row
    assert (sheet == 0).all(-1).any()  # the drawing's ink
