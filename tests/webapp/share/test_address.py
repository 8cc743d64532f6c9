from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from webapp.canvas import Sketch
from webapp.query import Likeness, PageQuery
from webapp.share.address import address_of, opened_by
from webapp.share.link import BROKEN, fragment_of

QUERY = PageQuery(Sketch(((1, 2, 300, 4),)), "on the snow", 12, 0.5)
LIKE = replace(QUERY, like=Likeness("owl", 3))
PICTURE = replace(QUERY, sketch=Sketch((), Path("portrait.png")))


def test_the_address_holds_the_link_and_the_tab_what_no_link_can() -> None:
    for query in (QUERY, LIKE):
        held = address_of(query, "here", "asked")
        assert (held["fragment"], held["kept"]) == (fragment_of(query), None)
    assert address_of(PICTURE, "here", "asked")["fragment"] is None
    assert address_of(LIKE, "Your photos", "derived", own=True)["fragment"] is None
    like_beside_picture = replace(PICTURE, like=LIKE.like)
    held = address_of(like_beside_picture, "here", "derived")
    assert held["fragment"] == fragment_of(replace(LIKE, sketch=None))
    assert held["kept"]["sketch"]["picture"] == {"path": "portrait.png"}


def test_what_was_opened_is_read() -> None:
    opened = opened_by({"fragment": fragment_of(LIKE), "where": "here", "kept": None, "keep": True})
    assert (opened.query, opened.where, opened.keep) == (LIKE, "here", True)
    assert opened_by({"fragment": ""}).query is None
    kept = address_of(replace(QUERY, text="x"), "here", "asked")["query"]
    assert opened_by({"fragment": "", "kept": kept}).query == replace(QUERY, text="x")


@pytest.mark.parametrize("fragment", ["query=1.x", 3, "other"])
def test_a_broken_link_is_refused_with_the_reason(fragment: Any) -> None:
    with pytest.raises(gr.Error) as refusal:
        opened_by({"fragment": fragment})
    assert BROKEN in str(refusal.value)
