"""What a drawing is taken for: the classifier's own probabilities, and silence where it is unsure."""

import pytest
import torch

from stnet.model.modeling import STNetModel
from stnet.search import SearchEngine, SearchError, guessing
from stnet.search.guessing import MOST_GUESSES, guesses_of
from tests.conftest import tiny_config
from tests.galleries import drawing, make_gallery

NAMES = ["owl", "fox", "cup", "key", "bee"]


@pytest.fixture(scope="module")
def model():
    config = tiny_config()
    config.drawn_names = NAMES
    torch.manual_seed(0)
    return STNetModel(config).eval()


def vector_for(model, logits):
    """An h_S that the category head answers with these logits, up to the bias."""
    with torch.no_grad():
        model.naming_head.bias.zero_()
        return torch.linalg.pinv(model.naming_head.weight) @ torch.tensor(logits)


def test_guesses_are_the_likeliest_names_with_their_probabilities(model):
    logits = [1.0, 3.0, 2.9, 2.8, 2.7]
    found = guesses_of(model, vector_for(model, logits))
    expected = torch.tensor(logits).softmax(-1)
    assert [guess.name for guess in found] == ["fox", "cup", "key"] and len(found) == MOST_GUESSES
    for guess, number in zip(found, (1, 2, 3), strict=True):
        assert guess.probability == pytest.approx(expected[number].item(), abs=1e-4)


def test_nothing_is_guessed_where_nothing_is_likely(model, monkeypatch):
    even = vector_for(model, [0.0, 0.0, 0.0, 0.0, 0.0])
    monkeypatch.setattr(guessing, "SURE_ENOUGH", 0.19)
    assert len(guesses_of(model, even)) == MOST_GUESSES  # five names, a fifth each
    monkeypatch.setattr(guessing, "SURE_ENOUGH", 0.21)
    assert guesses_of(model, even) == ()
    (only,) = guesses_of(model, vector_for(model, [9.0, 0.0, 0.0, 0.0, 0.0]))
    assert only.name == "owl"


def test_a_model_without_the_head_guesses_nothing(tiny_checkpoint, tmp_path):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    assert engine.guess(drawing()) == ()
    with pytest.raises(SearchError, match="Draw something"):
        engine.guess(drawing().point(lambda _: 255))
    with pytest.raises(ValueError, match="name drawings"):
        engine.loaded.model.name_sketch(torch.zeros(1, 16))


def test_a_drawing_is_named_alike_whatever_it_counts(tiny_checkpoint, tmp_path, model):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    engine.loaded.model.naming_head = model.naming_head
    engine.loaded.model.config.drawn_names = NAMES
    alone = engine.search(drawing()).guesses
    assert alone == engine.guess(drawing()) and len(alone) >= 1
    engine.loaded.model.config.sketch_share = 0.4
    assert engine.search(drawing(), "red", balance=0.5).guesses == alone
    assert engine.search(drawing(), "red", balance=-0.5).guesses == alone


def test_nobody_has_to_take_a_drawing_for_what_the_model_does(tiny_checkpoint, tmp_path, model):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    engine.loaded.model.naming_head = model.naming_head
    engine.loaded.model.config.drawn_names = NAMES
    without = [result.score for result in engine.search(drawing(), "red").results]  # no name counts here
    engine.loaded.model.config.names_share = 1.0
    named = engine.search(drawing(), "red")
    unnamed = engine.search(drawing(), "red", guess=False)
    assert named.guesses != () == unnamed.guesses
    assert [result.score for result in unnamed.results] == without
    assert [result.score for result in named.results] != without
