"""The buttons with what the model takes a drawing for."""

from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from stnet.search import SearchResponse
from stnet.search.guessing import Guess
from webapp.guesses import GuessChips, with_name

RESPONSE = SearchResponse("sketch", "", False, "g", 1, "m", {}, [])


@pytest.fixture
def chips() -> GuessChips:
    with gr.Blocks():
        return GuessChips()


def seen(values: tuple[Any, ...]) -> list[str | None]:
    """What the visible buttons say; None for one that keeps its text."""
    return [value.value for value in values if value.visible]


def test_every_guess_has_a_button_and_there_is_one_more_to_say_no(chips: GuessChips) -> None:
    response = replace(RESPONSE, guesses=(Guess("cat", 0.5), Guess("sea turtle", 0.2)))
    shown = chips.show(response)
    assert len(shown) == len(chips.outputs) and seen(shown)[:2] == ["cat?", "sea turtle?"]
    assert len(seen(shown)) == 3


def test_what_the_words_say_is_not_asked(chips: GuessChips) -> None:
    guesses = (Guess("cat", 0.5), Guess("sea turtle", 0.2))
    assert seen(chips.show(replace(RESPONSE, text="a Cat on the sea", guesses=guesses)))[0] == "sea turtle?"
    assert seen(chips.show(replace(RESPONSE, text="a cat", guesses=guesses[:1]))) == []


def test_without_a_guess_nothing_is_seen(chips: GuessChips) -> None:
    assert seen(chips.show(RESPONSE)) == seen(chips.empty()) == []
    assert len(chips.empty()) == len(chips.outputs)


@pytest.mark.parametrize(
    ("text", "words"), [("", "cat"), ("on a sofa", "cat on a sofa"), (" black ", "cat black")]
)
def test_a_confirmed_guess_comes_before_the_words(text: str, words: str) -> None:
    assert with_name("cat?", text) == words
