"""Metrics against rankings made by hand."""

import numpy as np
import pytest

from stnet.evaluation.metrics import (
    area_under_curve,
    average_precision,
    chance_recall,
    covered_area,
    expected_retrieval,
    intersection_over_union,
    points_inside,
    precision,
    relevance_in_order,
    retrieval,
    target_ranks,
)


def one_hot(targets, pictures):
    return np.arange(pictures) == np.array(targets)[:, None]


def test_ranks_count_what_scores_at_least_as_high():
    scores = np.array(
        [
            [0.9, 0.1, 0.5, 0.3],  # target 0: best
            [0.9, 0.1, 0.5, 0.3],  # target 1: last
            [0.9, 0.1, 0.5, 0.3],  # target 2: second
            [0.2, 0.7, 0.7, 0.7],  # target 2 ties with two others: all of them come first
        ]
    )
    assert target_ranks(scores, one_hot([0, 1, 2, 2], 4)).tolist() == [1, 4, 2, 3]


def test_of_several_right_pictures_the_best_counts():
    right = np.array([[False, True, True, False], [True, True, False, True]])
    assert target_ranks(np.array([[0.9, 0.1, 0.5, 0.5]] * 2), right).tolist() == [3, 1]
    with pytest.raises(ValueError, match="every query needs a right picture"):
        target_ranks(np.zeros((1, 2)), np.zeros((1, 2), bool))


def test_a_model_that_scores_all_alike_ranks_last():
    assert target_ranks(np.zeros((3, 50)), one_hot([0, 20, 49], 50)).tolist() == [50, 50, 50]


@pytest.mark.parametrize(
    ("scores", "right"),
    [(np.zeros((3, 4)), np.ones((2, 4), bool)), (np.zeros(4), np.ones(4, bool))],
)
def test_ranks_refuse_shapes_that_do_not_fit(scores, right):
    with pytest.raises(ValueError, match="expected scores and right of one shape"):
        target_ranks(scores, right)


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_ranks_refuse_scores_that_are_not_finite(broken):
    scores = np.array([[0.1, broken, 0.3]])
    with pytest.raises(ValueError, match="scores must be finite"):
        target_ranks(scores, one_hot([0], 3))


def test_chance_finds_more_where_more_is_right():
    right = np.array([[True, False, False, False], [True, True, False, False]])
    assert chance_recall(right[:1], 1) == 25 and chance_recall(right[1:], 1) == 50
    assert chance_recall(right, 2) == pytest.approx(100 * (1 / 2 + 5 / 6) / 2)
    assert chance_recall(right, 10) == 100


def test_recalls_and_the_median_rank():
    figures = retrieval(np.array([1, 2, 5, 6, 10, 11, 100, 101]), cutoffs=(1, 5, 10, 100))
    assert figures == {"R@1": 12.5, "R@5": 37.5, "R@10": 62.5, "R@100": 87.5, "MdR": 8.0}
    assert retrieval(np.array([3, 1, 8]))["MdR"] == 3
    assert list(retrieval(np.array([1]))) == ["R@1", "R@5", "R@10", "R@20", "R@50", "R@100", "MdR"]


def test_no_ranks_is_an_error():
    with pytest.raises(ValueError, match="no ranks"):
        retrieval(np.array([]))


def test_points_inside_boxes():
    box = (0.2, 0.4, 0.6, 0.8)
    points = np.array([[0.3, 0.5], [0.2, 0.4], [0.1, 0.5], [0.7, 0.5], [0.3, 0.3], [0.3, 0.9], [0.5, 0.3]])
    boxes = np.array([box] * len(points))
    assert points_inside(points, boxes).tolist() == [True, True, False, False, False, False, False]


def test_intersection_over_union():
    first = np.array([[0, 0, 2, 2], [0, 0, 2, 2], [0, 0, 2, 2], [1, 1, 1, 1]], float)
    second = np.array([[0, 0, 2, 2], [1, 1, 3, 3], [5, 5, 6, 6], [1, 1, 1, 1]], float)
    assert intersection_over_union(first, second) == pytest.approx([1, 1 / 7, 0, 0])


def test_equal_scores_put_the_irrelevant_first():
    scores = np.array([[0.5, 0.5, 0.9, 0.5]])
    relevant = np.array([[True, False, True, False]])
    assert relevance_in_order(scores, relevant).tolist() == [[True, False, False, True]]
    alike = relevance_in_order(np.zeros((1, 4)), relevant)
    assert alike.tolist() == [[False, False, True, True]]


def test_relevance_needs_scores_of_its_own_shape():
    with pytest.raises(ValueError, match=r"got \(2, 3\), \(2, 4\)"):
        relevance_in_order(np.zeros((2, 3)), np.zeros((2, 4), bool))


def test_precision_of_the_first_places():
    ordered = np.array([[True, False, True, False], [False, False, False, True]])
    assert precision(ordered, 2).tolist() == [0.5, 0.0]
    assert precision(ordered, 100).tolist() == [0.5, 0.25]  # four places are all there are


def test_average_precision():
    ordered = np.array(
        [
            [True, False, True, False, False],  # (1/1 + 2/3) / 2
            [False, False, True, False, True],  # the first three places hold one of two: (1/3) / 2
            [True, True, True, True, True],  # three places, all relevant: 1, though more are relevant
            [False, False, False, False, False],
        ]
    )
    assert average_precision(ordered, 3) == pytest.approx([5 / 6, 1 / 6, 1, 0])
    assert average_precision(ordered, 100)[1] == pytest.approx((1 / 3 + 2 / 5) / 2)


def test_expected_retrieval_guesses_among_what_fits():
    figures = expected_retrieval(np.array([1, 4, 20, 200]), cutoffs=(1, 10))
    assert figures["R@1"] == pytest.approx(100 * (1 + 1 / 4 + 1 / 20 + 1 / 200) / 4)
    assert figures["R@10"] == pytest.approx(100 * (1 + 1 + 1 / 2 + 1 / 20) / 4)
    assert figures["MdR"] == (2.5 + 10.5) / 2


@pytest.mark.parametrize("tied", [[], [3, 0]])
def test_expected_retrieval_refuses_queries_that_nothing_fits(tied):
    with pytest.raises(ValueError, match="the target itself fits"):
        expected_retrieval(np.array(tied))


def test_covered_area_counts_overlaps_once():
    boxes = np.array([[0.0, 0.0, 0.5, 0.5], [0.25, 0.25, 0.75, 0.5], [0.9, 0.9, 1.0, 1.0]])
    assert covered_area(boxes[:1]) == pytest.approx(0.25)
    assert covered_area(boxes) == pytest.approx(0.25 + 0.125 - 0.0625 + 0.01)
    assert covered_area(np.repeat(boxes[:1], 3, axis=0)) == pytest.approx(0.25)


def test_the_area_under_the_curve_counts_pairs_and_ties_by_half():
    assert area_under_curve(np.array([3.0, 1.0]), np.array([2.0, 1.0])) == (1 + 1 + 0 + 0.5) / 4
    assert area_under_curve(np.array([5.0, 6.0]), np.array([1.0, 2.0, 4.0])) == 1.0
    assert area_under_curve(np.array([0.0]), np.array([1.0, 2.0])) == 0.0
    with pytest.raises(ValueError, match="got 0 and 1"):
        area_under_curve(np.array([]), np.array([1.0]))
