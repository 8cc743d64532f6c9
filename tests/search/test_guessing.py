"""What a drawing is taken for: the classifier's own probabilities, and silence where it is unsure."""

import pytest
import torch
from safetensors.torch import save_file

from stnet.checkpoint import HEADS_NAME, export
from stnet.model.modeling import STNetModel
from stnet.search import SearchEngine, SearchError
from stnet.search.guessing import LEAST_PROBABILITY, MOST_GUESSES, guesses_of
from tests.conftest import tiny_config
from tests.galleries import drawing, make_gallery

NAMES = ["owl", "fox", "cup", "key", "bee"]


@pytest.fixture(scope="module")
def model():
    config = tiny_config()
    config.categories, config.names_drawings = NAMES, True
    torch.manual_seed(0)
    return STNetModel(config).eval()


def vector_for(model, logits):
    """An h_S that the category head answers with these logits, up to the bias."""
    with torch.no_grad():
        model.category_head.bias.zero_()
        return torch.linalg.pinv(model.category_head.weight) @ torch.tensor(logits)


def test_guesses_are_the_likeliest_names_with_their_probabilities(model):
    logits = [1.0, 3.0, 2.9, 2.8, 2.7, -9.0]
    found = guesses_of(model, vector_for(model, logits))
    expected = torch.tensor(logits).softmax(-1)
    assert [guess.name for guess in found] == ["fox", "cup", "key"] and len(found) == MOST_GUESSES
    for guess, number in zip(found, (1, 2, 3), strict=True):
        assert guess.probability == pytest.approx(expected[number].item(), abs=1e-4)


def test_nothing_is_guessed_where_nothing_is_likely(model):
    assert guesses_of(model, vector_for(model, [0.0, 0.0, 0.0, 0.0, 0.0, 5.0])) == ()
    assert all(guess.probability >= LEAST_PROBABILITY for guess in guesses_of(model, torch.zeros(16)))


def test_a_model_without_the_head_guesses_nothing(tiny_checkpoint, tmp_path):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    assert engine.guess(drawing()) == ()
    with pytest.raises(SearchError, match="Draw something"):
        engine.guess(drawing().point(lambda _: 255))
    with pytest.raises(ValueError, match="name drawings"):
        engine.loaded.model.name_sketch(torch.zeros(1, 16))


def test_an_export_keeps_the_classifier_of_the_training(model, tiny_checkpoint, tmp_path):
    run, out = tmp_path / "run", tmp_path / "out"
    plain = STNetModel.from_pretrained(tiny_checkpoint)
    plain.config.categories = NAMES
    plain.save_pretrained(run)
    for name in ("tokenizer.json", "tokenizer_config.json", "preprocessor_config.json"):
        (run / name).write_bytes((tiny_checkpoint / name).read_bytes())
    weight = torch.randn(6, 16, generator=torch.Generator().manual_seed(0))
    save_file(
        {"classify.weight": weight, "classify.bias": torch.ones(6), "focus": torch.ones(2)}, run / HEADS_NAME
    )
    export(run, out)
    exported = STNetModel.from_pretrained(out)
    assert exported.config.names_drawings and exported.config.categories == NAMES
    assert torch.allclose(exported.category_head.weight, weight, atol=1e-3)
    sketch = torch.rand(1, 1, 32, 32)
    with torch.inference_mode():
        assert torch.allclose(exported.encode_sketch(sketch), plain.eval().encode_sketch(sketch), atol=5e-2)
