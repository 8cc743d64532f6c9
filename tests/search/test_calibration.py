import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from stnet.gallery import gallery as opening
from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine
from stnet.search.calibration import REFERENCE, Calibration, Thresholds
from stnet.search.encoding import Vectors
from stnet.search.nonsense import COUNT, Nonsense, gibberish, scribble
from stnet.search.ranking import Best, Ranker
from stnet.search.slots import Slots
from tests.galleries import drawing, load, make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    return SearchEngine.from_pretrained(
        tiny_checkpoint, make_gallery(tmp_path_factory.mktemp("matching"), tiny_checkpoint), "cpu"
    )


@pytest.fixture(scope="module")
def ranker(engine):
    return Ranker(engine.loaded.model, engine.gallery)


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


@torch.inference_mode()
@pytest.mark.parametrize("mode", ["sketch+text", "sketch", "text"])
def test_one_in_twenty_meaningless_queries_looks_like_a_match(engine, ranker, mode):
    calibration = engine.calibration
    nonsense = calibration.nonsense.vectors(mode)
    asked = zip(nonsense.sketch[REFERENCE:], nonsense.query[REFERENCE:], strict=True)
    bests = [ranker.best(Vectors(*vectors, vectors[0])) for vectors in asked]
    needed = calibration.needed(ranker, mode)
    close = [calibration.judge(engine.gallery, mode, best, needed).close for best in bests]
    assert sum(close) == round(0.05 * (COUNT - REFERENCE) + 0.5)


@torch.inference_mode()
def test_distinction_counts_standard_deviations_above_nonsense_on_the_same_picture(engine, ranker):
    calibration = engine.calibration
    scores = calibration.scores(engine.gallery, "sketch", 4)
    best = Best(4, float(scores.mean() + 7 * scores.std()))
    match = calibration.judge(engine.gallery, "sketch", best, calibration.needed(ranker, "sketch"))
    asked = list(zip(*calibration.nonsense.vectors("sketch"), strict=True))[:REFERENCE]
    one_by_one = [ranker.scores(Vectors(*vectors, vectors[0]), np.array([4]))[0] for vectors in asked]
    assert np.allclose(scores.numpy(), one_by_one, atol=1e-5)
    assert match.distinction == pytest.approx(7, abs=0.01)
    assert match.close == (match.distinction > match.needed)


def test_a_gallery_is_measured_once_for_each_mode(tiny_checkpoint, tmp_path, monkeypatch):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    engine.calibrate()
    monkeypatch.setattr(Ranker, "best", lambda *_: pytest.fail("measured again"))
    response = engine.search(drawing(), "a red one")
    assert response.match is not None
    assert response.to_dict()["match"] == {
        "close": response.match.close,
        "distinction": response.match.distinction,
        "needed": response.match.needed,
    }
    assert engine.similar(response.results[0].id).to_dict()["match"] is None


def test_what_was_measured_can_be_sent_to_another_process(engine, monkeypatch):
    engine.calibrate()
    known = pickle.loads(pickle.dumps(engine.calibration.known()))
    other = SearchEngine(engine.loaded, engine.gallery)
    other.calibration.keep(known)
    monkeypatch.setattr(Ranker, "best", lambda *_: pytest.fail("measured again"))
    monkeypatch.setattr(engine.loaded.model, "encode_sketch", lambda *_: pytest.fail("encoded again"))
    other.calibrate()
    assert other.calibration.known().needed == known.needed


@pytest.mark.parametrize(("worth_from", "expected"), [(1, 1), (100_000, 0)], ids=["large", "small"])
def test_what_a_large_gallery_is_sieved_by_is_made_before_its_first_search(
    tiny_checkpoint, tmp_path, monkeypatch, worth_from, expected
):
    made = []
    monkeypatch.setattr(opening, "WORTH_FROM", worth_from)
    monkeypatch.setattr(opening, "make_sieve", lambda centroids: made.append(centroids))
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    engine.calibrate()
    assert len(made) == expected
    engine.calibrate()
    engine.search(drawing(), "a red one")
    assert len(made) == expected


@pytest.fixture
def blocked(engine, tiny_checkpoint, tmp_path, monkeypatch):
    """A calibration with room for two, one of them a new gallery's, which measures until `go_on` is set."""
    gallery = Gallery.open(make_gallery(tmp_path, tiny_checkpoint, count=3))
    new = Ranker(engine.loaded.model, gallery)
    begun, go_on, measured = threading.Event(), threading.Event(), []
    best = Ranker.best

    def slow(ranker, vectors):
        if ranker is new:
            measured.append(vectors)
            begun.set()
            assert go_on.wait(60)
        return best(ranker, vectors)

    monkeypatch.setattr(Ranker, "best", slow)
    calibration = Calibration(engine.loaded, Slots(2))
    with ThreadPoolExecutor(2) as pool:

        def measure():
            return pool.submit(torch.inference_mode()(lambda: calibration.needed(new, "sketch")))

        yield calibration, measure, begun, go_on, measured
        go_on.set()


@torch.inference_mode()
def test_no_gallery_or_mode_waits_while_another_is_measured(ranker, blocked):
    calibration, measure, begun, go_on, _ = blocked
    calibrated = calibration.needed(ranker, "sketch")
    new = measure()
    assert begun.wait(60)
    assert calibration.needed(ranker, "sketch") == calibrated  # known
    assert calibration.needed(ranker, "text") != calibrated  # measured beside the other
    assert not new.done()
    go_on.set()
    assert new.result(60) > 0


def test_who_needs_what_is_being_measured_waits_for_it(blocked):
    _, measure, begun, go_on, measured = blocked
    first = measure()
    assert begun.wait(60)
    second = measure()
    go_on.set()
    assert first.result(60) == second.result(60)
    assert len(measured) == COUNT - REFERENCE


def test_measuring_gives_its_slot_back_after_every_query(engine, ranker):
    class Counted(Slots):
        taken = 0

        def slot(self):
            self.taken += 1
            return super().slot()

    slots = Counted(1)
    with torch.inference_mode():
        Calibration(engine.loaded, slots).needed(ranker, "text")
    assert slots.taken == 1 + COUNT - REFERENCE


def test_after_a_failure_the_next_one_measures():
    thresholds = Thresholds()

    def fail():
        raise OSError("the gallery is gone")

    with pytest.raises(OSError, match="gone"):
        thresholds.get(("gallery", "text"), fail)
    assert thresholds.get(("gallery", "text"), lambda: 2.5) == 2.5
    assert thresholds.get(("gallery", "text"), lambda: pytest.fail("measured again")) == 2.5


def test_the_threshold_that_nobody_asked_for_is_forgotten_first():
    thresholds = Thresholds(most=2)
    for gallery in ("a", "b", "a", "c"):
        thresholds.get((gallery, "text"), lambda: 1.0)
    assert {gallery for gallery, _ in thresholds.known()} == {"a", "c"}
