from dataclasses import replace

import pytest

from stnet.search import SearchResponse, SearchResult
from stnet.search.results import Match
from webapp.results.wording import (
    NOT_ENGLISH,
    PARTIAL,
    STRONG,
    TOO_LONG,
    WEAK,
    WEAK_OWN,
    alternative_text,
    invitation,
    said,
    standing,
    status,
)

TIMINGS = {"encode": 90.0, "candidates": 4.0, "rerank": 30.0, "localize": 16.0, "total": 141.0}
RESULT = SearchResult(3, "wombat.jpg", 0.714, 99.86, None, None, 0.0, {}, b"", "jpeg")
RESPONSE = SearchResponse("sketch+text", "on the snow", False, "g", 1000, "m", TIMINGS, [RESULT])


def test_an_alternative_text_says_rank_caption_and_id() -> None:
    assert alternative_text(RESULT, "A wombat asleep") == "3. A wombat asleep: wombat.jpg"
    assert alternative_text(RESULT, "") == "3: wombat.jpg"


def test_a_standing_compares_with_the_gallery() -> None:
    assert standing(RESULT) == "above 99.9 % of the gallery"


def test_the_status_says_what_was_searched_and_how_long_it_took() -> None:
    assert status(RESPONSE, "cpu") == (
        "<p>We used your drawing and your words; showing the best 1 of 1,000 pictures.</p>"
        "<details><summary>Found in 0.14 s</summary>"
        "<p>Encode 0.09, search 0.00, rerank 0.03, locate 0.02; CPU</p></details>"
    )


@pytest.mark.parametrize(("mode", "said"), [("sketch", "your drawing only"), ("text", "your words only")])
def test_the_status_says_which_half_was_used(mode: str, said: str) -> None:
    assert said in status(replace(RESPONSE, mode=mode), "cpu")


def test_words_that_were_cut_are_mentioned() -> None:
    assert TOO_LONG in status(replace(RESPONSE, truncated=True), "cpu")
    assert TOO_LONG not in status(RESPONSE, "cpu")


def test_words_in_another_language_are_mentioned_beside_the_answer() -> None:
    assert said(NOT_ENGLISH) in status(replace(RESPONSE, text="im Schnee, auf einem Berg"), "cpu")
    assert NOT_ENGLISH not in status(RESPONSE, "cpu")


def test_texts_are_paragraphs_and_no_html() -> None:
    assert said("a & <b>", "", "c") == "<p>a &amp; &lt;b&gt;</p><p>c</p>"
    assert status(RESPONSE, "cpu", note="<i>first</i>").startswith(
        "<p>&lt;i&gt;first&lt;/i&gt;</p><p>We used"
    )


def test_the_first_line_invites() -> None:
    assert invitation(1000) == "1,000 pictures are ready. Draw, type, or pick an example."


def test_a_match_is_strong_or_weak_and_never_denied() -> None:
    weak, strong = (replace(RESPONSE, match=Match(is_close, 1.0, 2.0)) for is_close in (False, True))
    assert status(weak, "cpu").startswith(f"<p><strong>{WEAK}</strong> We used")
    assert status(weak, "cpu", own=True).startswith(f"<p><strong>{WEAK_OWN}</strong> We used")
    assert status(strong, "cpu").startswith(f"<p><strong>{STRONG}</strong> We used")
    assert status(RESPONSE, "cpu").startswith("<p>We used")


def test_the_status_says_that_a_part_of_the_collection_is_missing() -> None:
    assert PARTIAL not in status(RESPONSE, "cpu")
    assert f"<p>{PARTIAL}</p>" in status(replace(RESPONSE, missing=(1,)), "cpu")
