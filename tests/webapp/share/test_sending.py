from dataclasses import replace
from pathlib import Path

import pytest

from webapp.canvas import Sketch
from webapp.query import Likeness, PageQuery
from webapp.share.sending import received, sent

QUERY = PageQuery(Sketch(((1, 2, 300, 4), (5, 6))), "on the snow", 12, -0.3, "scenes")


@pytest.mark.parametrize(
    "query",
    [
        QUERY,
        replace(QUERY, sketch=None, gallery=None),
        replace(QUERY, like=Likeness("owl", 3)),
        replace(QUERY, unlike=("owl", "cat"), several=True),
        replace(QUERY, filters=(("light", "night"), ("place", "forest"))),
        replace(QUERY, several=True, names=("cat", "", "ball")),
        replace(QUERY, guess=False),
        replace(QUERY, like=Likeness("owl", 3, (0.1, 0.2, 0.3, 1.0))),
    ],
)
def test_a_query_comes_back_as_it_went(query: PageQuery) -> None:
    assert received(sent(query)) == query


def test_a_photo_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = tmp_path / "photo.png"
    photo.touch()
    monkeypatch.setattr("webapp.share.sending.get_upload_folder", lambda: str(tmp_path))
    query = replace(QUERY, sketch=Sketch((), photo, photo=True))
    assert received(sent(query)) == query
