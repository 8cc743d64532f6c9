import base64
import itertools
import random
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from stnet.model.processing import MOST_CHARACTERS, clean_text
from stnet.search.exclusion import MOST_UNLIKE
from stnet.search.things import MOST_THINGS
from webapp.canvas import Sketch
from webapp.canvas.strokes import GRID, MOST_POINTS, MOST_STROKES
from webapp.examples import STROKE_UNITS, load_examples
from webapp.query import LONGEST_THING, MOST_FILTERS, Likeness, PageQuery
from webapp.share.link import (
    BROKEN,
    LONGEST_FILTER,
    LONGEST_ID,
    LONGEST_NAME,
    MOST_BYTES,
    MOST_LETTERS,
    LinkError,
    fragment_of,
    query_of,
)

QUERY = PageQuery(Sketch(((1, 2, 300, 4), (GRID, 0), (5, 1023, 5, 1023))), "on the snow, at night", 12, 0.0)
# what was given away once must open for ever
OLD_LINK = "query=1.eNrjMeJOzFPIz0lRKM7PS2dkEtHQ0AAANkUE3g"
OLD_LINK_WITH_GALLERY = "query=2.eNrjMeJOzFPIz0lRKM7PS2dkEtHQ0OAOyMgvyU8vSizIKAYAi_wJeA"
OLD_LINK_WITH_LIKENESS = "query=3.eNrjMeJOzFPIz0lRKM7PS2dkEtHQ0GBgzS_P0TVkYvzFmPKOtYUdAKc2CXM"


def drawn(strokes: int, points: int) -> Sketch:
    """A hand that wanders: steps of some 30 of the grid's units, as simplified strokes have them."""
    hand = random.Random(5)

    def stroke() -> tuple[int, ...]:
        at = [hand.randrange(GRID), hand.randrange(GRID)]
        path = []
        for _ in range(points):
            at = [min(GRID, max(0, value + round(hand.gauss(0, 30)))) for value in at]
            path += at
        return tuple(path)

    return Sketch(tuple(stroke() for _ in range(strokes)))


def wrapped(content: bytes, version: str = "1") -> str:
    return f"query={version}.{base64.urlsafe_b64encode(zlib.compress(content)).rstrip(b'=').decode()}"


@pytest.mark.parametrize(
    "query",
    [
        QUERY,
        replace(QUERY, sketch=None, balance=-1.0),
        replace(QUERY, text="", balance=1.0, top_k=50),
        replace(QUERY, gallery='1,000 "scenes" ☃'),
        replace(QUERY, text=" Schnee & \"Eis\"\n'☃' 🐧 #?&=% ", balance=-0.35, top_k=1),
        replace(QUERY, sketch=drawn(MOST_STROKES, MOST_POINTS // MOST_STROKES), text="x " * 1000),
        replace(QUERY, like=Likeness("a/☃ 1.png", 3)),
        replace(QUERY, gallery="scenes", like=Likeness("1", 50, (0.0, 0.125, 0.333, 1.0))),
        replace(QUERY, several=True),
        replace(QUERY, unlike=("a/☃ 1.png", "2")),
        replace(QUERY, gallery="scenes", several=True, unlike=("3",), like=Likeness("owl", 3)),
        replace(QUERY, filters=(("light", "night"),)),
        replace(QUERY, gallery="a/☃", several=True, unlike=("3",), filters=(("a: ☃", "=1"), ("b", ""))),
        PageQuery(None, "", 12, 0.0, "scenes", filters=(("light", "night"),)),
        replace(QUERY, several=True, names=("", "eine Katze ☃")),
        replace(
            QUERY, gallery="scenes", several=True, names=("cat",), unlike=("3",), like=Likeness("owl", 3)
        ),
        replace(QUERY, several=True, names=("cat",), filters=(("light", "night"),)),
        replace(QUERY, guess=False),
        replace(QUERY, gallery="scenes", unlike=("3",), filters=(("light", "night"),), guess=False),
    ],
    ids=[
        *("both", "words", "drawing", "gallery", "strange words", "full paper", "likeness", "region"),
        *("several", "unlike", "all wishes", "filter", "filters", "wall"),
        *("names", "names and all wishes", "names and a filter", "no guess", "no guess and wishes"),
    ],
)
def test_a_link_holds_the_whole_query(query: PageQuery) -> None:
    fragment = fragment_of(query)
    assert query_of(fragment) == query
    assert set(fragment) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=")


def test_the_largest_paper_that_there_can_be_fits() -> None:
    corners = itertools.cycle((0, 0, GRID, GRID, GRID, 0, 0, GRID))
    stroke = tuple(itertools.islice(corners, 2 * MOST_POINTS // MOST_STROKES))
    like = Likeness("🐧" * LONGEST_ID, 50, (1.0, 1.0, 1.0, 1.0))
    sketch, text = Sketch((stroke,) * MOST_STROKES), "🐧" * MOST_CHARACTERS
    unlike = ("🐧" * LONGEST_ID,) * MOST_UNLIKE
    names = ("🐧" * LONGEST_THING,) * MOST_THINGS
    query = PageQuery(sketch, text, 50, -1.0, "🐧" * LONGEST_NAME, like, unlike, several=True, names=names)
    query = replace(query, filters=(("🐧" * LONGEST_FILTER,) * 2,) * MOST_FILTERS)
    assert query_of(fragment_of(query)) == query


def test_links_are_short() -> None:
    for example in load_examples():
        sketch = Sketch.from_lines(example.strokes, STROKE_UNITS)
        assert len(fragment_of(PageQuery(sketch, example.text, 12, 0.0))) < 600
    assert len(fragment_of(PageQuery(drawn(20, 20), "on the snow", 12, 0.0))) < 1_300
    assert len(fragment_of(PageQuery(drawn(200, 25), "on the snow", 12, 0.0))) < 13_000


def test_a_link_from_long_ago_still_opens() -> None:
    query = query_of(OLD_LINK)
    assert query == PageQuery(Sketch(((10, 20, 30, 40),)), "an old song", 12, 0.25)
    assert query_of(OLD_LINK_WITH_GALLERY) == replace(query, gallery="Photographs")
    like = Likeness("owl-1", 2, (0.25, 0.1, 0.75, 0.9))
    assert query_of(OLD_LINK_WITH_LIKENESS) == replace(query, like=like)


@pytest.mark.parametrize("filters", [b"\x00", b"\x09", b"\x01\x01a", b"\x01\x01a\x05b"])
def test_filters_that_are_none_break_a_link(filters: bytes) -> None:
    with pytest.raises(LinkError, match="broken"):
        query_of(wrapped(b"\x0c\x00\x03red\x00\x00\x00\x00\x00" + filters, version="5"))


def test_a_link_without_a_gallery_opens_in_older_pages_too() -> None:
    assert fragment_of(QUERY).startswith("query=1.")


def test_a_name_that_no_link_can_hold_is_said() -> None:
    with pytest.raises(LinkError, match="name of this picture: it is too long"):
        fragment_of(replace(QUERY, like=Likeness("x" * (LONGEST_ID + 1), 1)))
    with pytest.raises(LinkError, match="name of this picture: it is too long"):
        fragment_of(replace(QUERY, unlike=("1", "x" * (LONGEST_ID + 1))))
    with pytest.raises(LinkError, match="name of this gallery: it is too long"):
        fragment_of(replace(QUERY, gallery="x" * (LONGEST_NAME + 1)))
    with pytest.raises(LinkError, match="this filter: it is too long"):
        fragment_of(replace(QUERY, filters=(("light", "x" * (LONGEST_FILTER + 1)),)))


@pytest.mark.parametrize("wishes", [b"\x02\x00\x00", b"\x01\x09\x00", b"\x01\x01\x00", b"\x01\x00"])
def test_wishes_that_no_page_has_are_broken(wishes: bytes) -> None:
    with pytest.raises(LinkError, match="This link is broken"):
        query_of(wrapped(b"\x0c\x00\x03red\x00\x00" + wishes, version="4"))


@pytest.mark.parametrize(
    "names",
    [b"\x00\x00\x00\x01\x03cat", b"\x01\x00\x00\x00", b"\x01\x00\x00\x05" + b"\x01a" * 5, b"\x01\x00\x00"],
)
def test_names_that_no_page_has_are_broken(names: bytes) -> None:
    with pytest.raises(LinkError, match="This link is broken"):
        query_of(wrapped(b"\x0c\x00\x03red\x00\x00" + names, version="5"))


@pytest.mark.parametrize("name", [b"", b"\x04red", b"\x03r\xffd", b"\x03red\x00"])
def test_a_gallery_that_no_page_names_is_broken(name: bytes) -> None:
    with pytest.raises(LinkError, match="This link is broken"):
        query_of(wrapped(b"\x0c\x00\x03red\x00" + name, version="2"))


def test_words_are_cut_where_the_search_cuts_them() -> None:
    text = "red  " * 3000
    assert query_of(fragment_of(replace(QUERY, text=text))).text == clean_text(text)[:MOST_CHARACTERS]


def test_half_a_letter_becomes_a_question_mark() -> None:
    assert query_of(fragment_of(replace(QUERY, text="red \ud83d"))).text == "red ?"


def test_a_picture_never_goes_into_a_link() -> None:
    with pytest.raises(LinkError, match="can't hold the picture"):
        fragment_of(replace(QUERY, sketch=Sketch(((1, 2),), Path("portrait.png"))))


@pytest.mark.parametrize("drop", [1, 2, 5, 20])
def test_a_cut_link_is_broken(drop: int) -> None:
    with pytest.raises(LinkError, match="This link is broken"):
        query_of(fragment_of(QUERY)[:-drop])


def test_a_changed_link_is_broken() -> None:
    fragment = fragment_of(QUERY)
    for place in range(len("query=1."), len(fragment) - 1):  # the last letter has bits that mean nothing
        changed = fragment[:place] + ("A" if fragment[place] != "A" else "B") + fragment[place + 1 :]
        with pytest.raises(LinkError, match="This link is broken"):
            query_of(changed)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x0c",
        b"\x0c\x00\x00",  # no number of strokes
        b"\x00\x00\x03red\x00",  # no results
        b"\x33\x00\x03red\x00",  # 51 of them
        b"\x0c\xca\x01\x03red\x00",  # a balance of 1.01
        b"\x0c\x00\x03r\xffd\x00",  # no UTF-8
        b"\x0c\x00\x7fred\x00",  # words that end too early
        b"\x0c\x00\x03red\x00\x00",  # something after the end
        b"\x0c\x00\x00\x01\x00",  # a stroke without a point
        b"\x0c\x00\x00\x01\x01\x01\x01",  # a point off the paper
        b"\x0c\x00\x00\xff\xff\xff\xff\x7f\x01\x01\x01",  # billions of strokes
        b"\xff" * 1000,
        b"\x0c\x00\x00\xc9\x01" + b"\x01\x02\x02" * 201,  # more strokes than a paper takes
        bytes(MOST_BYTES + 1),
        bytes(50_000_000),  # 48 KB that would be 50 MB
    ],
)
def test_what_no_page_makes_is_broken(content: bytes) -> None:
    with pytest.raises(LinkError) as refusal:
        query_of(wrapped(content))
    assert str(refusal.value) == BROKEN


@pytest.mark.parametrize(
    "fragment", ["", "query=", "query=1.", "query=1.!!!", "query=1.é", "status", "A" * 90]
)
def test_what_is_no_link_is_broken(fragment: str) -> None:
    with pytest.raises(LinkError, match="This link is broken"):
        query_of(fragment)


def test_endless_links_are_not_even_unpacked() -> None:
    with pytest.raises(LinkError, match="This link is broken"):
        query_of("query=1." + "A" * MOST_LETTERS)


def test_a_link_of_a_newer_version_says_so() -> None:
    with pytest.raises(LinkError, match="newer version of this page"):
        query_of(wrapped(b"?", version="7"))
