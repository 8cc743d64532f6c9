"""What a drawing is taken for counts as said: the formula, name by name, and what it leaves alone."""

import pytest
import torch

from stnet.model.modeling import STNetModel
from stnet.model.named import NAMES, say_names
from tests.conftest import tiny_config

DRAWN = ["owl", "fox", "cup", "key", "bee"]


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return STNetModel(tiny_config(drawn_names=DRAWN, names_share=0.7)).eval()


def vector(text):
    """Any vector for a text, the same for the same text."""
    return torch.randn(16, generator=torch.Generator().manual_seed(sum(map(ord, text))))


def encode(texts):
    return torch.stack([vector(text) for text in texts])


@torch.no_grad()
@pytest.mark.parametrize("texts", [["on a table", "at night"], ["", ""]], ids=["words", "drawings alone"])
def test_the_likeliest_names_count_by_their_chances(model, texts):
    sketches, plain = torch.randn(2, 16), torch.randn(2, 16)
    found = say_names(model, sketches, texts, plain, encode)
    for row, text in enumerate(texts):
        chances = model.name_sketch(sketches)[row].tolist()
        likeliest = sorted(range(len(DRAWN)), key=lambda number: -chances[number])[:NAMES]
        expected = plain[row].clone()
        for number in likeliest:
            named = vector(f"a {DRAWN[number]} {text}".strip())
            expected += 0.7 * chances[number] * (named - plain[row])
        torch.testing.assert_close(found[row], expected)


@torch.no_grad()
def test_a_drawing_that_is_surely_one_thing_says_its_name_alone(model):
    sure = STNetModel(tiny_config(drawn_names=["owl"], names_share=1.0)).eval()
    found = say_names(sure, torch.randn(1, 16), ["at night"], torch.randn(1, 16), encode)
    torch.testing.assert_close(found[0], vector("a owl at night"))


@torch.no_grad()
def test_what_is_said_of_several_drawings_is_encoded_once(model):
    encoded = []

    def remember(texts):
        encoded.extend(texts)
        return encode(texts)

    say_names(model, torch.randn(40, 16), [""] * 40, torch.randn(40, 16), remember)
    assert len(encoded) == len(set(encoded)) <= len(DRAWN)


def test_without_a_share_words_stay_what_they_are():
    model, plain = STNetModel(tiny_config(drawn_names=DRAWN)).eval(), torch.randn(2, 16)

    def refuse(texts):
        raise AssertionError(f"{texts} were encoded for nothing")

    assert say_names(model, torch.randn(2, 16), ["a", "b"], plain, refuse) is plain


def test_a_share_needs_names_and_lies_between_none_and_all():
    with pytest.raises(ValueError, match=r"names_share is 0\.5, but the model names no drawings"):
        tiny_config(names_share=0.5)
    with pytest.raises(ValueError, match=r"names_share must be in 0\.\.1, got 1\.5"):
        tiny_config(drawn_names=DRAWN, names_share=1.5)
