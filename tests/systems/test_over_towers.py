"""The systems over STNET's towers against plain loops over one query and one picture."""

from functools import partial

import pytest
import torch
from torch.nn.functional import cosine_similarity

from stnet.model.named import say_names
from stnet.model.scoring import attend, attended, score
from stnet.systems.average import Average
from stnet.systems.sketch_only import SketchOnly
from stnet.systems.stnet import STNetSystem
from stnet.systems.text_only import TextOnly
from stnet.systems.towers import count_parameters, encode_words
from stnet.systems.two_stage import TwoStage
from tests.systems.toys import loaded_model

WORDS = ["a red one on the beach", "behind the drum", "at night"]


@pytest.fixture(scope="module")
def loaded():
    return loaded_model()


@pytest.fixture(scope="module")
def stored():
    return torch.randn(5, 16, 16, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def sketches():
    return torch.randn(3, 16, generator=torch.Generator().manual_seed(2))


def text_vector(loaded, words):
    ids, mask = loaded.processor.text_batch([words])
    return loaded.model.encode_text(ids, mask)[0]


def neutral_view(model, patches):
    """V of one picture without a drawing."""
    attention = attend(model.neutral_sketch[None], patches[None], model.temperature)[0]
    return attended(attention, patches[None])[0]


def ranked(system, sketches, texts, stored):
    return system.scores(system.queries(sketches, texts), system.index(stored))


def test_stnet_scores_as_the_paper_says(loaded, sketches, stored):
    found = ranked(STNetSystem(*loaded[:2]), sketches, WORDS, stored)
    for row, words in enumerate(WORDS):
        query = sketches[row] * text_vector(loaded, words)
        expected = score(sketches[row], query, stored, loaded.model.temperature).score
        torch.testing.assert_close(found[row], expected, atol=1e-5, rtol=1e-4)


def test_stnet_hears_the_names_that_its_search_hears(sketches, stored):
    loaded = loaded_model(names_share=0.7, sketch_share=0.5)
    model, system = loaded.model, STNetSystem(*loaded[:2])
    both, drawn = ranked(system, sketches, WORDS, stored), ranked(system, sketches, None, stored)
    for row, words in enumerate(WORDS):
        for found, text, beside in ((both, words, 0.5), (drawn, "", 1.0)):
            plain = text_vector(loaded, text) if text else model.neutral_text
            asked = sketches[row : row + 1], [text], plain[None]
            heard = say_names(model, *asked, partial(encode_words, *loaded[:2]))[0]
            sketch = torch.lerp(model.neutral_sketch, sketches[row], beside)
            expected = score(sketch, heard * sketch, stored, model.temperature).score
            torch.testing.assert_close(found[row], expected, atol=1e-5, rtol=1e-4)


def test_a_missing_half_of_stnet_is_its_neutral_vector(loaded, sketches, stored):
    model, system = loaded.model, STNetSystem(*loaded[:2])
    drawn = ranked(system, sketches, None, stored)
    expected = score(sketches[0], sketches[0] * model.neutral_text, stored, model.temperature).score
    torch.testing.assert_close(drawn[0], expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(ranked(SketchOnly(*loaded[:2]), sketches, None, stored), drawn)
    worded = ranked(system, None, WORDS, stored)
    torch.testing.assert_close(
        ranked(TextOnly(*loaded[:2]), None, WORDS, stored), worded, atol=1e-5, rtol=1e-4
    )


def test_words_alone(loaded, stored):
    found = ranked(TextOnly(*loaded[:2]), None, WORDS, stored)
    for row, words in enumerate(WORDS):
        query = text_vector(loaded, words) * loaded.model.neutral_sketch
        for number, patches in enumerate(stored):
            expected = cosine_similarity(query, neutral_view(loaded.model, patches), dim=0)
            assert found[row, number].item() == pytest.approx(expected.item(), abs=1e-5)


def test_the_average_of_both_halves(loaded, sketches, stored):
    model = loaded.model
    found = ranked(Average(*loaded[:2]), sketches, WORDS, stored)
    for row, words in enumerate(WORDS):
        drawn = sketches[row] * model.neutral_text
        said = text_vector(loaded, words) * model.neutral_sketch
        query = (drawn / drawn.norm() + said / said.norm()) / 2
        for number, patches in enumerate(stored):
            expected = cosine_similarity(query, neutral_view(model, patches), dim=0)
            assert found[row, number].item() == pytest.approx(expected.item(), abs=1e-5)


def test_half_an_average_is_that_half(loaded, stored):
    torch.testing.assert_close(
        ranked(Average(*loaded[:2]), None, WORDS, stored), ranked(TextOnly(*loaded[:2]), None, WORDS, stored)
    )


def test_two_stages_say_the_name_before_the_words(loaded, sketches, stored):
    system, model = TwoStage(*loaded[:2]), loaded.model
    names = system.names(sketches)
    logits = sketches @ model.naming_head.weight.T + model.naming_head.bias
    assert names == [model.config.drawn_names[number] for number in logits.argmax(1)]
    whole = [f"a {name} {words}" for name, words in zip(names, WORDS, strict=True)]
    words = TextOnly(*loaded[:2])
    torch.testing.assert_close(ranked(system, sketches, WORDS, stored), ranked(words, None, whole, stored))
    alone = [f"a {name}" for name in names]
    torch.testing.assert_close(ranked(system, sketches, None, stored), ranked(words, None, alone, stored))


def test_two_stages_need_a_checkpoint_that_names_drawings():
    with pytest.raises(ValueError, match=r"toy can't name drawings \(it has no drawn_names\)"):
        TwoStage.build(loaded_model(drawn_names=[]), {})


@pytest.mark.parametrize("kind", [STNetSystem, Average])
def test_a_query_needs_a_half(loaded, kind):
    with pytest.raises(ValueError, match="got neither"):
        kind(*loaded[:2]).queries(None, None)


@pytest.mark.parametrize(
    ("kind", "half"), [(TextOnly, "words"), (SketchOnly, "drawings"), (TwoStage, "drawings")]
)
def test_a_system_of_one_half_needs_it(loaded, kind, half):
    with pytest.raises(ValueError, match=f"asks by {half}; got none"):
        kind(*loaded[:2]).queries(None, None)


def test_parameters_are_those_that_a_search_needs(loaded):
    model = loaded.model
    whole = count_parameters(model) - count_parameters(model.box_head) - count_parameters(model.naming_head)
    assert STNetSystem(*loaded[:2]).parameters == whole - 1  # the logit scale is for training
    assert TwoStage(*loaded[:2]).parameters > TextOnly(*loaded[:2]).parameters
