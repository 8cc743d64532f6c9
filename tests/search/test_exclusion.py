"""What is left out: how words say it, what it does to Q by hand, and that its like falls behind."""

import numpy as np
import pytest
import torch

from stnet.search import SearchEngine, SearchError
from stnet.search.exclusion import MOST_UNLIKE, NOTHING_WANTED, WEIGHT, read_wishes, take_away, unlike_rows
from tests.galleries import drawing, make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("gallery"), tiny_checkpoint, count=6)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def ids(response):
    return [result.id for result in response.results]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("a cat without a hat, on a sofa", "a cat, on a sofa", "a hat"),
        ("a dog not on the grass but on the sand", "a dog, on the sand", "on the grass"),
        ("without wheels; in the snow Without trees", "in the snow", "wheels, trees"),
        ("without a hat with a dog", "with a dog", "a hat"),
        ("on the beach, NOT at night.", "on the beach", "at night"),
        ("not red", "", "red"),
        ("not only red", "not only red", ""),
        ("a knot in a rope", "a knot in a rope", ""),
        ("why not", "why not", ""),
        ("", "", ""),
    ],
)
def test_words_after_not_and_without_are_left_out(text, wanted, unwanted):
    assert read_wishes(text) == (wanted, unwanted)


def test_what_is_taken_away_is_a_share_of_its_direction():
    query, first, second = torch.tensor([3.0, 0.0, 4.0]), torch.tensor([0.0, 5.0, 0.0]), torch.ones(3)
    assert take_away(query, []) is query
    expected = np.array([0.6, -WEIGHT, 0.8])
    np.testing.assert_allclose(take_away(query, [first]), expected, rtol=1e-6)
    expected -= WEIGHT / np.sqrt(3)
    np.testing.assert_allclose(take_away(query, [first, second]), expected, rtol=1e-6)


def test_a_query_says_the_same_in_words_and_by_exclude(engine):
    said = engine.search(drawing(), "a red one without green, on the left")
    given = engine.search(drawing(), "a red one, on the left", exclude="green")
    assert said.excluded == given.excluded == "green"
    assert said.text == given.text == "a red one, on the left"
    assert [r.score for r in said.results] == [r.score for r in given.results]
    assert [r.score for r in given.results] != [
        r.score for r in engine.search(drawing(), "a red one, on the left").results
    ]


def test_scores_are_cosines_with_what_is_left_of_the_query(engine):
    found = engine.search(None, "red", exclude="green", top_k=6)
    model, processor = engine.loaded.model, engine.loaded.processor
    with torch.inference_mode():
        wanted, unwanted = (
            model.neutral_sketch * model.encode_text(*processor.text_batch([w]))[0] for w in ("red", "green")
        )
        left = torch.nn.functional.normalize(
            wanted / wanted.norm() - WEIGHT * unwanted / unwanted.norm(), dim=0
        )
    for result in found.results:
        vector = engine.gallery.vector(engine.gallery.row(result.id))
        assert result.score == pytest.approx(float(left @ torch.from_numpy(vector)), abs=5e-3)


def test_pictures_that_are_turned_away_from_are_no_results_and_their_like_scores_less(engine):
    before = engine.search(drawing(), top_k=6)
    first = ids(before)[0]
    after = engine.search(drawing(), top_k=6, unlike=[first, first])
    assert set(ids(after)) == set(ids(before)) - {first}
    assert max(r.score for r in after.results) < before.results[0].score


@pytest.mark.parametrize(
    ("unlike", "message"),
    [
        (["nowhere"], "No picture of the gallery 'gallery' has the id 'nowhere'"),
        ("nowhere", "Expected a list of up to"),
        (["a"] * (MOST_UNLIKE + 1), "Expected a list of up to"),
        (7, "Expected a list of up to"),
        ([7], "has the id '7'"),
    ],
)
def test_ids_that_say_nothing_are_refused(engine, unlike, message):
    with pytest.raises(SearchError, match=message):
        engine.search(drawing(), unlike=unlike)


def test_somebody_who_leaves_out_everything_hears_so(engine):
    everything = [engine.gallery.id(row) for row in range(len(engine.gallery))]
    with pytest.raises(SearchError, match="nothing is left"):
        engine.search(drawing(), unlike=everything)
    assert unlike_rows(engine.gallery, everything[:2]).tolist() == [0, 1]
    with pytest.raises(SearchError, match=NOTHING_WANTED):
        engine.search(None, "not red")
    with pytest.raises(SearchError, match="The words must be text, got int"):
        engine.search(drawing(), exclude=3)
