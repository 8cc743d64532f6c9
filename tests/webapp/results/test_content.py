import base64
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stnet.search import SearchResponse, SearchResult
from stnet.search.browsing import GalleryPage, GalleryPicture
from stnet.search.filtering import Field
from stnet.search.results import Match
from webapp.canvas import Sketch
from webapp.files.shelf import PictureShelf
from webapp.query import Likeness, PageQuery
from webapp.results.component import NOTHING, ResultsView, before_search
from webapp.results.content import (
    Scale,
    address,
    bar,
    caption,
    content,
    entries,
    facts,
    heat,
    scale_of,
    wall_entries,
)
from webapp.search_service import Answer, Wall

ATTENTION = np.array([[0.1, 0.2], [0.3, 0.4]], dtype=np.float32)
TIMINGS = dict.fromkeys(("encode", "candidates", "rerank", "localize", "total"), 1.0)
SIZE = (6, 4)


def stored() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", SIZE).save(file, "JPEG")
    return file.getvalue()


def result(rank: int, score: float, attention: np.ndarray | None = ATTENTION) -> SearchResult:
    boxes = () if attention is None else ((0.1, 0.2, 0.3, 0.4),)
    return SearchResult(rank, f"{rank}.jpg", score, 99.0, boxes, attention, 0.8, {}, stored(), "jpeg")


def response(*results: SearchResult) -> SearchResponse:
    return SearchResponse(
        "sketch", "", False, "g", 100, "m", TIMINGS, list(results), match=Match(False, 1.0, 2.0), middle=0.2
    )


def test_heat_is_one_byte_a_patch_on_the_scale_of_all_results() -> None:
    assert list(base64.b64decode(heat(ATTENTION, 0.8))) == [32, 64, 96, 128]


def test_a_bar_goes_from_the_middle_of_the_gallery_to_the_best_result() -> None:
    answer = response(result(1, 0.6), result(2, 0.3), result(3, 0.1))
    scale = scale_of(answer)
    assert scale == Scale(0.2, 0.6, 0.8)
    assert [round(bar(found.score, scale), 3) for found in answer.results] == [1.0, 0.25, 0.0]
    assert bar(0.2, scale_of(response(result(1, 0.2)))) == 1.0  # a gallery of one picture


def test_an_answer_is_a_few_numbers_for_each_result() -> None:
    shown = content(Answer(response(result(1, 0.6), result(2, 0.3)), ["/a", "/b"], PictureShelf()))
    assert shown["grid"] == [2, 2]
    assert shown["close"] is False
    assert [entry["path"] for entry in shown["results"]] == ["/a", "/b"]
    assert shown["results"][0] | {"heat": ""} == {
        "id": "1.jpg",
        "rank": 1,
        "path": "/a",
        "size": list(SIZE),
        "alt": "1: 1.jpg",
        "caption": "",
        "standing": "above 99.0 % of the gallery",
        "score": "0.600",
        "bar": 1.0,
        "box": [0.1, 0.2, 0.3, 0.4],
        "boxes": [],
        "heat": "",
        "facts": [],
    }


def test_the_next_results_are_measured_as_the_first_ones() -> None:
    later = Answer(response(result(13, 0.4)), ["/m"], PictureShelf())
    (shown,) = entries(later, Scale(0.2, 0.6, 1.6))
    assert (shown["rank"], shown["bar"]) == (13, 0.5)
    assert shown["heat"] == heat(ATTENTION, 1.6)


def test_pictures_of_the_wall_have_credits_and_no_scores() -> None:
    known = {"title": "Cat", "licence": "CC0-1.0"}
    picture = GalleryPicture("7.jpg", known, (4, 3), b"", "jpeg")
    (shown,) = wall_entries(Wall(GalleryPage("g", 100, 24, 100, [picture]), ["/w"]))
    assert shown == {
        "id": "7.jpg",
        "rank": 25,
        "path": "/w",
        "size": [4, 3],
        "alt": "Cat: 7.jpg",
        "score": None,
        "box": None,
        "heat": None,
        "facts": [
            ["title", "Cat", ""],
            ["licence", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"],
        ],
    }


def test_the_wall_is_asked_for_anew_where_it_may_have_changed() -> None:
    server, again = before_search("Photographs", 9), before_search("Photographs", 9)
    assert server == again == NOTHING | {"wall": {"key": '["Photographs"]', "size": 9}}
    light = Field("light", (("day", 5), ("night", 4)))
    night = before_search("Photographs", 9, [light], [("light", "night")])["wall"]
    assert night == {"key": '["Photographs", ["light", "night"]]', "size": 4}
    author = before_search("Photographs", 9, [light], [("author", "Ann")])["wall"]
    assert author["size"] is None  # nobody counted them
    own = [before_search("Your photos", None)["wall"]["key"] for _ in range(2)]
    assert own[0] != own[1]


def test_what_was_drawn_is_there_to_be_laid_over_a_picture(tmp_path: Path) -> None:
    drawn = PageQuery(Sketch(((1, 2, 300, 4), (5, 6))), "", 12, 0.0)

    def strokes(query: PageQuery) -> Any:
        return content(Answer(response(result(1, 0.6)), ["/a"], PictureShelf()), query)["strokes"]

    assert strokes(drawn) == [[[1, 2, 300, 4], [5, 6]]]
    assert strokes(replace(drawn, like=Likeness("7", 4))) == []
    assert strokes(replace(drawn, sketch=None)) == []
    assert strokes(replace(drawn, sketch=Sketch(((1, 2),), tmp_path / "drawing.png"))) == []


def test_several_things_have_their_own_frames_and_strokes() -> None:
    left, right = (0.0, 0.0, 0.2, 0.2), (0.8, 0.8, 1.0, 1.0)
    found = replace(result(1, 0.6), boxes=(right, left))
    answer = Answer(replace(response(found), things=2, places=(left, right)), ["/a"], PictureShelf())
    drawn = PageQuery(Sketch(((900, 900, 1000, 1000), (10, 10, 100, 100))), "", 12, 0.0, several=True)
    shown = content(answer, drawn)
    assert shown["strokes"] == [[[10, 10, 100, 100]], [[900, 900, 1000, 1000]]]
    assert shown["results"][0]["boxes"] == [list(right), list(left)]
    together = content(answer, replace(drawn, several=False))["strokes"]
    assert together == [[[900, 900, 1000, 1000], [10, 10, 100, 100]]]


def test_chips_say_what_is_wanted_of_the_answer() -> None:
    query = PageQuery(None, "", 12, 0.0)

    def chips(query: PageQuery, things: int) -> list[Any]:
        answer = replace(response(result(1, 0.6)), things=things)
        shown = content(Answer(answer, ["/a"], PictureShelf()), query)
        return [shown["like"], shown["apart"], shown["away"]]

    assert chips(query, 1) == [None, None, None]
    offer = {"label": "search for the 2 things apart", "wanted": False, "names": ["", ""]}
    assert chips(query, 2) == [None, offer, None]
    wanted = {"label": "3 things apart", "wanted": True, "names": ["cat", "", ""]}
    named = replace(query, several=True, names=("cat",), unlike=("1", "2"))
    assert chips(named, 3) == [None, wanted, "not like 2 pictures"]
    assert chips(replace(query, unlike=("1",)), 0) == [None, None, "not like 1 picture"]
    like = replace(query, unlike=("1",), like=Likeness("7", 4))
    assert chips(like, 0) == [{"id": "7", "label": "like picture 4"}, None, None]


def test_more_like_a_picture_has_no_heat_and_no_judgement() -> None:
    like = replace(response(result(1, 0.6, attention=None)), mode="similar", match=None)
    shown = content(Answer(like, ["/a"], PictureShelf()))
    assert shown["close"] is None
    assert shown["results"][0]["heat"] is None
    assert shown["results"][0]["box"] is None


def test_a_caption_is_what_the_gallery_calls_the_picture() -> None:
    assert caption({"licence": "CC0-1.0", "text": "a cat\non a wall"}) == "a cat on a wall"
    assert caption({"Title": "Cat", "caption": "a cat on a wall"}) == "Cat"
    assert caption({"name": " ", "captions": ["no"], "caption": ["a cat", "a wall"]}) == "a cat"
    assert caption({"title": 7, "text": [], "name": {"en": "cat"}}) == ""
    assert len(caption({"text": "long " * 100})) == 200
    named = replace(result(1, 0.6), metadata={"title": "Cat"})
    (shown,) = content(Answer(response(named), ["/a"], PictureShelf()))["results"]
    assert (shown["caption"], shown["alt"]) == ("Cat", "1. Cat: 1.jpg")


def test_facts_are_short_texts_without_lists_of_numbers() -> None:
    known = {
        "place": "beach",
        "objects": {"category": ["cat", "dog"], "box": [[0, 1]]},
        "year": 2020,
        "x": None,
    }
    assert list(facts(known)) == [("place", "beach"), ("objects: category", "cat, dog"), ("year", "2020")]
    assert [len(text) for _, text in facts({"story": "long " * 100})] == [200]


def test_facts_that_are_addresses_or_licences_lead_somewhere() -> None:
    known = {"author": "Ann", "licence": "GPL-2+", "url": "https://a.org/x", "photo": {"licence": "CC0-1.0"}}
    credited = replace(result(1, 0.6), metadata=known)
    (shown,) = content(Answer(response(credited), ["/a"], PictureShelf()))["results"]
    assert shown["facts"] == [
        ["author", "Ann", ""],
        ["licence", "GPL-2+", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"],
        ["url", "https://a.org/x", "https://a.org/x"],
        ["photo: licence", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"],
    ]


def test_no_other_text_becomes_a_link() -> None:
    for text in ("javascript:alert(1)", "https://", "see https://a.org", "https://a@b.org", "//a.org"):
        assert address("url", text) == ""
    assert address("url", f"https://a.org/{'x' * 200}"[:200]) == ""
    assert address("title", "GPL-2+") == ""


def test_no_answer_is_an_empty_grid() -> None:
    assert ResultsView().postprocess(None) == NOTHING
