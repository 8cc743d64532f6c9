import numpy as np
import pytest
import torch

from stnet.search import SearchEngine
from stnet.search.calibration import REFERENCE, Best
from stnet.search.encoding import Vectors
from stnet.search.nonsense import COUNT, Nonsense, gibberish, scribble
from tests.galleries import drawing, load, make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    return SearchEngine.from_pretrained(
        tiny_checkpoint, make_gallery(tmp_path_factory.mktemp("matching"), tiny_checkpoint), "cpu"
    )


def test_nonsense_is_the_same_every_time_and_never_twice_the_same():
    first, again = (np.random.default_rng(3) for _ in range(2))
    assert gibberish(first) == gibberish(again)
    assert np.array_equal(np.asarray(scribble(first)), np.asarray(scribble(again)))
    assert gibberish(first) != gibberish(first)
    assert np.asarray(scribble(first)).min() == 0


@pytest.mark.parametrize("mode", ["sketch+text", "sketch", "text"])
def test_nonsense_has_the_halves_of_the_mode(tiny_checkpoint, mode):
    loaded = load(tiny_checkpoint)
    with torch.inference_mode():
        vectors = Nonsense(loaded).vectors(mode)
        neutral = loaded.model.neutral_text if mode == "sketch" else loaded.model.neutral_sketch
    assert vectors.sketch.shape == vectors.query.shape == (COUNT, loaded.model.config.projection_dim)
    if mode == "text":
        assert torch.equal(vectors.sketch[5], neutral)
    if mode == "sketch":
        assert torch.allclose(vectors.query.clone(), vectors.sketch.clone() * neutral.detach())


@pytest.mark.parametrize("mode", ["sketch+text", "sketch", "text"])
def test_one_in_twenty_meaningless_queries_looks_like_a_match(engine, mode):
    with torch.inference_mode():
        nonsense = engine._judge._nonsense.vectors(mode)
        asked = zip(nonsense.sketch[REFERENCE:], nonsense.query[REFERENCE:], strict=True)
        bests = [engine._find_best(Vectors(*vectors)) for vectors in asked]
        close = [engine._judge.judge(engine.gallery, mode, best, engine._find_best).close for best in bests]
    assert sum(close) == round(0.05 * (COUNT - REFERENCE) + 0.5)


def test_distinction_counts_standard_deviations_above_nonsense_on_the_same_picture(engine):
    with torch.inference_mode():
        judge = engine._judge
        scores = judge._nonsense_scores(engine.gallery, "sketch", 4)
        best = Best(4, float(scores.mean() + 7 * scores.std()))
        match = judge.judge(engine.gallery, "sketch", best, engine._find_best)
        asked = list(zip(*judge._nonsense.vectors("sketch"), strict=True))[:REFERENCE]
        one_by_one = [engine._score(Vectors(*vectors), np.array([4]))[0] for vectors in asked]
    assert np.allclose(scores.numpy(), one_by_one, atol=1e-5)
    assert match.distinction == pytest.approx(7, abs=0.01)
    assert match.close == (match.distinction > match.needed)


def test_a_gallery_is_measured_once_for_each_mode(tiny_checkpoint, tmp_path, monkeypatch):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    engine.calibrate()
    monkeypatch.setattr(SearchEngine, "_find_best", lambda *_: pytest.fail("measured again"))
    response = engine.search(drawing(), "a red one")
    assert response.match is not None
    assert response.to_dict()["match"] == {
        "close": response.match.close,
        "distinction": response.match.distinction,
        "needed": response.match.needed,
    }
    assert engine.similar(response.results[0].id).to_dict()["match"] is None
