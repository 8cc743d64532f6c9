import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np
import pytest
import torch

from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError
from stnet.search import SearchEngine, SearchError
from stnet.search.encoding import Vectors
from stnet.search.ranking import Ranker
from stnet.search.slots import Slots
from tests.galleries import PHOTOS, drawing, load, make_gallery, plant


@pytest.fixture(scope="module")
def folder(tiny_checkpoint, tmp_path_factory):
    return make_gallery(tmp_path_factory.mktemp("engine"), tiny_checkpoint)


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, folder):
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def query_vectors(engine, sketch, text):
    """h_S and Q, float64."""
    processor, inputs = engine.loaded.processor, {}
    if sketch is not None:
        inputs["sketch_values"] = processor.sketch(sketch)
    if text is not None:
        tokens = processor.text(text)
        inputs |= {"input_ids": tokens.input_ids, "attention_mask": tokens.attention_mask}
    with torch.inference_mode():
        vectors = engine.loaded.model.encode_query(**inputs)
    return tuple(vectors[half][0].detach().double().numpy() for half in ("sketch", "query"))


def reference(engine, sketch, text):
    """The paper's equations in float64: scores (N,) and attention (N, P)."""
    h_s, query = query_vectors(engine, sketch, text)
    patches = engine.gallery.patch_features(np.arange(len(engine.gallery))).double().numpy()
    logits = patches @ h_s / float(engine.loaded.model.temperature.detach())
    alpha = np.exp(logits - logits.max(axis=1, keepdims=True))
    alpha /= alpha.sum(axis=1, keepdims=True)
    localized = (alpha[..., None] * patches).mean(axis=1)
    cosines = localized @ query / (np.linalg.norm(localized, axis=1) * np.linalg.norm(query))
    return cosines, alpha


QUERIES = [(drawing(), "a red one on the beach"), (drawing(), None), (None, "left of a green square")]


@pytest.mark.parametrize(("sketch", "text"), QUERIES, ids=["both", "sketch", "text"])
def test_exhaustive_search_is_the_papers_equations(engine, sketch, text):
    response = engine.search(sketch, text, top_k=50, exhaustive=True)
    scores, attention = reference(engine, sketch, text)
    order = np.argsort(-scores)
    assert [result.id for result in response.results] == [f"photo-{row:02d}.png" for row in order]
    np.testing.assert_allclose([result.score for result in response.results], scores[order], atol=2e-6)
    for result, row in zip(response.results, order, strict=True):
        np.testing.assert_allclose(result.heatmap.ravel(), attention[row], atol=2e-6)
        assert result.heatmap.shape == (4, 4)
        assert result.heatmap_max == pytest.approx(attention.max(), abs=2e-6)
    assert [result.percentile for result in response.results] == pytest.approx(
        [100 * (PHOTOS - rank) / PHOTOS for rank in range(1, PHOTOS + 1)], abs=1e-3
    )


@pytest.mark.parametrize("exhaustive", [True, False])
def test_the_ends_of_the_balance_are_the_halves_alone(engine, exhaustive):
    sketch, text = QUERIES[0]

    def results(*query, **options):
        return engine.search(*query, top_k=50, exhaustive=exhaustive, **options).to_dict()["results"]

    assert results(sketch, text, balance=-1) == results(None, text)
    assert results(sketch, text, balance=1) == results(sketch, None)
    assert results(sketch, text, balance=0) == results(sketch, text)
    near_the_ends = [results(sketch, text, balance=balance) for balance in (-0.9999, 0.9999)]
    for near, end in zip(near_the_ends, (results(None, text), results(sketch, None)), strict=True):
        expected = {result["id"]: result["score"] for result in end}
        assert {result["id"]: result["score"] for result in near} == pytest.approx(expected, abs=2e-3)


def test_the_answer_says_its_balance(engine):
    assert engine.search(*QUERIES[0], balance=-0.25).to_dict()["query"]["balance"] == -0.25
    assert engine.search(*QUERIES[1], balance=-0.25).to_dict()["query"]["balance"] == 0
    assert engine.similar("photo-00.png").to_dict()["query"]["balance"] == 0


def test_the_planted_picture_is_found_first(tiny_checkpoint, folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    engine = SearchEngine.from_pretrained(tiny_checkpoint, copy, "cpu")
    _, query = query_vectors(engine, *QUERIES[0])
    plant(copy, 17, torch.from_numpy(query).float().expand(16, 16))
    response = SearchEngine.from_pretrained(tiny_checkpoint, copy, "cpu").search(*QUERIES[0], exhaustive=True)
    assert response.results[0].id == "photo-17.png"
    assert response.results[0].score == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(("sketch", "text"), QUERIES, ids=["both", "sketch", "text"])
def test_candidates_of_the_gallerys_size_answer_as_exhaustive_does(engine, sketch, text):
    exhaustive = engine.search(sketch, text, exhaustive=True).to_dict()
    assert engine.search(sketch, text, candidates=10_000).to_dict()["results"] == exhaustive["results"]
    assert (
        engine.search(sketch, text).to_dict()["results"] == exhaustive["results"]
    )  # fewer than 1,000 pictures


@torch.inference_mode()
def test_few_candidates_are_the_best_by_their_centroids(engine):
    sketch, query = (torch.from_numpy(vector).float() for vector in query_vectors(engine, *QUERIES[0]))
    rows = Ranker(engine.loaded.model, engine.gallery).candidates(Vectors(sketch, query, sketch), 5)
    response = engine.search(*QUERIES[0], top_k=3, candidates=5)
    scores = reference(engine, *QUERIES[0])[0]
    best = sorted(rows.tolist(), key=lambda row: -scores[row])[:3]
    assert [engine.gallery.row(result.id) for result in response.results] == best


def test_candidates_are_never_fewer_than_the_results(engine):
    assert len(engine.search(text="red", top_k=10, candidates=2).results) == 10


@pytest.mark.parametrize("candidates", [0, -3, 1.5, "many", True])
def test_senseless_candidates_are_refused(engine, candidates):
    with pytest.raises(SearchError, match="candidates must be a positive whole number"):
        engine.search(text="red", candidates=candidates)


def test_equal_scores_are_ordered_by_id(tiny_checkpoint, folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    twin = Gallery.open(copy).patch_features(np.array([9]))[0]
    for row in range(PHOTOS):
        plant(copy, row, twin)
    response = SearchEngine.from_pretrained(tiny_checkpoint, copy, "cpu").search(text="red", top_k=5)
    assert [result.id for result in response.results] == [f"photo-{row:02d}.png" for row in range(5)]
    assert {result.percentile for result in response.results} == {0.0}  # not one picture scores lower


@pytest.mark.parametrize("top_k", [1, 7, 24, 50])
def test_as_many_results_as_asked_for_or_there_are(engine, top_k):
    results = engine.search(text="red", top_k=top_k).results
    assert [result.rank for result in results] == list(range(1, min(top_k, PHOTOS) + 1))


@pytest.mark.parametrize("top_k", [0, 51, 10_000])
def test_a_count_out_of_range_is_refused(engine, top_k):
    with pytest.raises(SearchError, match=f"from 1 to 50, got {top_k}"):
        engine.search(text="red", top_k=top_k)
    with pytest.raises(SearchError, match=f"from 1 to 50, got {top_k}"):
        engine.similar("photo-00.png", top_k)


def test_results_hold_what_a_page_shows(engine):
    response = engine.search(*QUERIES[0], top_k=3)
    assert set(response.timings) == {"encode", "candidates", "rerank", "localize", "total"}
    assert response.timings["total"] >= response.timings["encode"] > 0
    for result in response.results:
        x0, y0, x1, y1 = result.box
        assert 0 <= x0 <= x1 <= 1
        assert 0 <= y0 <= y1 <= 1
        assert result.heatmap.sum() == pytest.approx(1, abs=1e-5)
        assert result.picture.size == result.overlay().size == (96, 64)
        assert result.overlay().tobytes() != result.picture.tobytes()


def test_similar_pictures_come_from_the_index_and_leave_out_the_picture_itself(engine):
    response = engine.similar("photo-05.png", top_k=4)
    vectors = np.stack([engine.gallery.vector(row) for row in range(PHOTOS)])
    cosines = vectors @ vectors[5]
    cosines[5] = -2
    assert [result.id for result in response.results] == [
        f"photo-{row:02d}.png" for row in np.argsort(-cosines)[:4]
    ]
    assert response.mode == "similar"
    assert response.results[0].percentile == pytest.approx(100 * (PHOTOS - 1) / PHOTOS, abs=1e-3)
    assert response.results[0].box is None
    assert response.results[0].overlay().tobytes() == response.results[0].picture.tobytes()


@pytest.mark.parametrize("region", [None, (0.1, 0.2, 0.6, 0.9)], ids=["picture", "region"])
def test_the_middle_of_like_pictures_is_without_the_picture_itself(engine, region):
    response = engine.similar("photo-05.png", 50, region)
    assert len(response.results) == PHOTOS - 1  # an odd number: the middle is one of them
    scores = sorted(result.score for result in response.results)
    assert response.middle == pytest.approx(scores[(PHOTOS - 1) // 2], abs=1e-6)


def test_similar_to_an_unknown_picture_is_refused(engine):
    with pytest.raises(SearchError, match="has the id '/etc/passwd'"):
        engine.similar("/etc/passwd")


def test_a_gallery_of_one_has_nothing_similar(tiny_checkpoint, tmp_path):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint, 1), "cpu")
    assert engine.similar("photo-00.png").results == []
    assert engine.similar("photo-00.png").middle == 0
    assert [result.percentile for result in engine.search(text="red").results] == [0.0]


def test_a_gallery_of_another_model_is_refused(tiny_checkpoint, folder, tmp_path):
    other = shutil.copytree(tiny_checkpoint, tmp_path / "other")
    weights = bytearray((other / "model.safetensors").read_bytes())
    weights[-1] ^= 1  # one flipped bit, which the weights' own format doesn't notice
    (other / "model.safetensors").write_bytes(bytes(weights))
    with pytest.raises(GalleryError, match=r"was built with another model .* --overwrite"):
        SearchEngine.from_pretrained(other, folder, "cpu")


def test_a_model_that_makes_nothing_of_the_query_is_an_error(tiny_checkpoint, folder):
    loaded = load(tiny_checkpoint)
    with torch.no_grad():
        loaded.model.neutral_sketch.fill_(float("nan"))
    with pytest.raises(SearchError, match="no usable vector"):
        SearchEngine(loaded, Gallery.open(folder)).search(text="red")


def test_patches_lost_under_a_running_engine_are_an_error_and_no_crash(tiny_checkpoint, folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    engine = SearchEngine.from_pretrained(tiny_checkpoint, copy, "cpu")
    with (copy / "patches.int8").open("r+b") as file:
        file.truncate(10)
    with pytest.raises(ValueError, match="became shorter"):
        engine.search(text="red")


def test_threads_get_the_answers_that_one_gets(engine):
    def ask(number):
        sketch, text = QUERIES[number % 3]
        return engine.search(sketch, text).to_dict()["results"]

    expected = [ask(number) for number in range(3)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))
    assert answers == [expected[number % 3] for number in range(24)]


def test_on_another_gallery_an_engine_shares_model_and_turns(engine, tiny_checkpoint, tmp_path, monkeypatch):
    other = Gallery.open(make_gallery(tmp_path, tiny_checkpoint, count=3))
    beside = engine.on(other)
    assert len(beside.search(text="a red one").results) == 3
    assert engine.search(text="a red one").gallery_size == len(engine.gallery) != 3
    assert beside.loaded is engine.loaded and beside.calibration is engine.calibration
    asked = []
    monkeypatch.setattr(Slots, "slot", lambda slots: asked.append(slots) or nullcontext())
    with engine.computing(), beside.computing():
        assert asked[0] is asked[1]


def test_what_a_calibration_measured_is_kept_for_the_next_start(
    tiny_checkpoint, folder, tmp_path, monkeypatch
):
    first = SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")
    first.calibrate(tmp_path)
    other = SearchEngine.from_pretrained(
        tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint, count=3), "cpu"
    )
    other.calibrate(tmp_path)  # another gallery of the same model: both are kept, and each takes its own
    monkeypatch.setattr(Ranker, "best", None)  # whoever measures now fails
    for engine in (first, other):
        again = SearchEngine(engine.loaded, engine.gallery)
        again.calibrate(tmp_path)
        assert again.calibration.known().needed == engine.calibration.known().needed
        assert len(again.calibration.known().needed) == 3
        match, expected = (one.search(*QUERIES[0]).match for one in (again, engine))
        assert match == expected
