"""The fused kernel against the float64 reference on the same 8-bit features."""

import numpy as np
import pytest
import torch

from stnet.gallery.patches import dequantize, quantize
from stnet.model.scoring_kernel import Packed, PackedQuery, score_packed, warm
from stnet.model.scoring_reference import reference_scores


def pictures(count=40, patches=11, dimension=37, seed=0):
    """Features that differ a thousandfold in size."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(count, patches, dimension)) * 10 ** rng.uniform(-2, 1, (count, 1, 1))
    return Packed(*quantize(torch.from_numpy(features)))


def query_of(dimension=37, temperature=2.5, seed=1):
    sketch, query = np.random.default_rng(seed).normal(size=(2, dimension))
    return sketch, query, PackedQuery.of(sketch, query, temperature)


def rounded(packed):
    return dequantize(packed.levels, packed.scales).double().numpy()


@pytest.mark.parametrize("temperature", [0.05, 2.5, 60.0])
@pytest.mark.parametrize("dimension", [1, 37, 128])
def test_scores_are_the_references(temperature, dimension):
    packed = pictures(dimension=dimension)
    sketch, query, packed_query = query_of(dimension, temperature)
    found = score_packed(packed_query, packed)
    assert found.dtype == np.float32
    np.testing.assert_allclose(
        found, reference_scores(sketch, query, rounded(packed), temperature), atol=3e-6
    )


def test_rounding_to_8_bits_costs_less_than_two_thousandths():
    rng = np.random.default_rng(4)
    things = rng.normal(size=(200, 1, 128)) * rng.uniform(
        0.3, 3, (200, 1, 1)
    )  # patches of a picture are alike
    features = things + rng.normal(size=(200, 64, 128))
    packed = Packed(*quantize(torch.from_numpy(features)))
    sketch, query, packed_query = query_of(128, 30.0)
    expected = reference_scores(sketch, query, features, 30.0)
    found = score_packed(packed_query, packed)
    assert np.abs(found - expected).max() < 2e-3
    assert found.argmax() == expected.argmax()


def test_biases_are_the_logarithms_of_sizes():
    packed = pictures()
    sizes = np.random.default_rng(2).integers(0, 9, packed.scales.shape)
    sizes[:, 0] += 1
    with np.errstate(divide="ignore"):
        weighted = packed._replace(biases=np.log(sizes, dtype=np.float32))
    sketch, query, packed_query = query_of()
    expected = reference_scores(sketch, query, rounded(packed), 2.5, sizes)
    np.testing.assert_allclose(score_packed(packed_query, weighted), expected, atol=3e-6)
    assert np.abs(expected - reference_scores(sketch, query, rounded(packed), 2.5)).max() > 0.05


def test_a_score_does_not_depend_on_the_other_pictures():
    packed = pictures()
    query = query_of()[2]
    together = score_packed(query, packed)
    parts = [score_packed(query, packed.part(slice(start, start + 7))) for start in range(0, 40, 7)]
    assert np.array_equal(np.concatenate(parts), together)


def test_equal_pictures_score_equally_wherever_they_are():
    packed = pictures(count=3)
    order = [0, 1, 0, 2, 1, 0]
    copies = Packed(packed.levels[order], packed.scales[order])
    scores = score_packed(query_of()[2], copies)
    assert scores[0] == scores[2] == scores[5] and scores[1] == scores[4]


@pytest.mark.parametrize("size", [1e5, -1e5])
def test_extreme_logits_stay_finite(size):
    sketch, query, packed_query = query_of(temperature=1.0)
    features = np.random.default_rng(3).normal(size=(2, 5, 37))
    features[:, 0] = size * sketch / (sketch @ sketch)
    packed = Packed(*quantize(torch.from_numpy(features)))
    expected = reference_scores(sketch, query, rounded(packed), 1.0)
    np.testing.assert_allclose(score_packed(packed_query, packed), expected, atol=3e-6)


def test_nothing_scores_zero():
    packed = pictures(count=2)
    packed.levels[1] = 0
    scores = score_packed(query_of()[2], packed)
    assert scores[0] != 0 and scores[1] == 0
    assert score_packed(PackedQuery.of(np.ones(37), np.zeros(37), 1.0), packed).tolist() == [0, 0]
    assert score_packed(query_of()[2], packed.part(slice(0, 0))).shape == (0,)


def test_scores_go_where_they_are_wanted():
    packed = pictures(count=3)
    target = np.zeros(5, np.float32)
    found = score_packed(query_of()[2], packed, target[1:4])
    assert np.shares_memory(found, target)
    assert target[0] == target[4] == 0 and target[1:4].all()


@pytest.mark.parametrize(
    ("levels", "scales", "biases", "dimension"),
    [
        ((3, 4, 5), (3, 4), (0, 0), 6),
        ((3, 4, 5), (3, 5), (0, 0), 5),
        ((3, 4, 5), (3, 4), (3, 1), 5),
        ((4, 5), (4,), (0, 0), 5),
    ],
)
def test_shapes_that_do_not_fit_are_refused(levels, scales, biases, dimension):
    packed = Packed(np.ones(levels, np.int8), np.ones(scales, np.float32), np.ones(biases, np.float32))
    with pytest.raises(ValueError, match=r"expected levels \(N, P, D\), scales \(N, P\)"):
        score_packed(query_of(dimension)[2], packed)
    with pytest.raises(ValueError, match=r"expected sketch \(D,\) and query \(D,\)"):
        PackedQuery.of(np.ones(5), np.ones(6), 1.0)


def test_warming_compiles_what_a_search_calls(monkeypatch):
    warm()
    monkeypatch.setattr("numba.core.dispatcher.Dispatcher.compile", None)  # whoever compiles now fails
    packed = pictures(count=2)
    assert score_packed(query_of()[2], packed).shape == (2,)


def test_a_query_that_came_from_another_process_scores_the_same():
    packed, query = pictures(), query_of()[2]
    received = PackedQuery(*(np.frombuffer(vector.tobytes(), np.float32) for vector in query))
    assert not received.query.flags.writeable
    assert all(vector.flags.writeable for vector in received.owned())
    assert np.array_equal(score_packed(received, packed), score_packed(query, packed))
