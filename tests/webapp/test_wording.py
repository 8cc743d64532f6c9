from dataclasses import replace

import pytest

from stnet.search import SearchResponse, SearchResult
from webapp.wording import TOO_LONG, caption, invitation, status

TIMINGS = {"encode": 90.0, "candidates": 4.0, "rerank": 30.0, "localize": 16.0, "total": 141.0}
RESULT = SearchResult(3, "wombat.jpg", 0.714, 99.86, None, None, 0.0, {}, b"", "jpeg")
RESPONSE = SearchResponse("sketch+text", "on the snow", False, "g", 1000, "m", TIMINGS, [RESULT])


def test_a_caption_says_rank_standing_and_id() -> None:
    assert caption(RESULT) == "3. above 99.9 % of the gallery (score 0.71) wombat.jpg"


def test_the_status_says_what_was_searched_and_how_long_it_took() -> None:
    assert status(RESPONSE) == (
        "1,000 pictures; 0.14 s: encode 0.09, candidates 0.00, rerank 0.03, localize 0.02; "
        "used your drawing and your words; showing the best 1."
    )


@pytest.mark.parametrize(("mode", "said"), [("sketch", "your drawing only"), ("text", "your words only")])
def test_the_status_says_which_half_was_used(mode: str, said: str) -> None:
    assert said in status(replace(RESPONSE, mode=mode))


def test_words_that_were_cut_are_mentioned() -> None:
    assert status(replace(RESPONSE, truncated=True)).endswith(TOO_LONG)
    assert TOO_LONG not in status(RESPONSE)


def test_the_first_line_invites() -> None:
    assert invitation(1000) == "1,000 pictures are ready. Draw, type, or pick an example."
