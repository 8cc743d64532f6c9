"""An answer as the results component shows it: small, since the pictures are files and heat maps numbers."""

import base64
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from stnet.search import SearchResponse, SearchResult
from stnet.search.filtering import Field
from stnet.search.licences import is_licence
from webapp.query import PageQuery
from webapp.results.filters import choices
from webapp.results.grouping import by_thing
from webapp.results.licences import licence_address
from webapp.results.wording import (
    alternative_text,
    apart,
    likeness,
    picture_text,
    standing,
    turned_away,
)
from webapp.search_service import Answer, Wall

LONGEST_FACT = 200  # characters of a fact about a picture
CAPTIONS = ("title", "name", "caption", "text")  # of metadata, in any case: the first that is there
_WEB = re.compile(r"https?://[^\s/@]+(?:/\S*)?")  # one whole address, without a name to log in by


class Scale(NamedTuple):
    """What the bars and heat maps of one query are measured by, on all pages of its answer.

    Attributes:
        middle: the gallery's middle score, where bars begin.
        best: the best result's score, where they end.
        largest: attention.
    """

    middle: float
    best: float
    largest: float


def scale_of(response: SearchResponse) -> Scale:
    """The scale of the first page of an answer."""
    best = response.results[0] if response.results else None
    return Scale(response.middle, best.score if best else 0.0, best.heatmap_max if best else 0.0)


def content(answer: Answer, query: PageQuery | None = None, fields: Sequence[Field] = ()) -> dict[str, Any]:
    """The component's value for an answer to a query of the page, if it is one.

    Args:
        fields: what the gallery can be filtered by.

    Returns:
        `like`: what the chip says, and the id of the picture, or None. `apart`: what the chip about things
        that are drawn apart says, whether each is `wanted`, and their `names`, or None. `away`: what the chip
        about pictures that were turned away from says, or None. `strokes`: of each thing that was searched
        for, each x0, y0, x1, y1, ... in 0..GRID of webapp.canvas.strokes; none for another question or a
        picture of a drawing.
        `close`: whether the best one is a close match, None if that can't be said. `grid`: rows and columns
        of the heat maps. `results`: for each its texts (`caption`: "" where the gallery knows none), `facts`
        with where they lead ("" for nowhere), `bar` in 0..1, `box` in 0..1 of the picture or None, `boxes` of
        several things, `heat`: bytes in base64, 255 for the largest attention among all results, or None, the
        picture's `path`, and its `size`, width and height in pixels. `total`: how many there are on all
        pages, `scale`: what the next ones are measured by. `wall`: None. `fields`: what
        webapp.results.filters makes of them.
    """
    response, like = answer.response, None if query is None else query.like
    grid = next((result.heatmap.shape for result in response.results if result.heatmap is not None), (1, 1))
    return {
        "like": None if like is None else {"id": like.id, "label": likeness(like)},
        "apart": _apart(response, query),
        "away": turned_away(len(query.unlike)) if query and query.unlike and not like else None,
        "strokes": _strokes(response, query),
        "close": None if response.match is None else response.match.close,
        "grid": list(grid),
        "results": entries(answer),
        "total": response.total,
        "scale": scale_of(response)._asdict(),
        "wall": None,
        "fields": choices(fields, query.filters if query else ()),
    }


def entries(answer: Answer, scale: Scale | None = None) -> list[dict[str, Any]]:
    """The results of an answer as `content` has them; `scale`: of its first page, unless this is it."""
    scale = scale or scale_of(answer.response)
    return [
        _result(result, path, scale)
        for result, path in zip(answer.response.results, answer.pictures, strict=True)
    ]


def wall_entries(wall: Wall) -> list[dict[str, Any]]:
    """Pictures without a query as `content` has results: what can't be said of them is None."""
    places = zip(wall.page.pictures, wall.pictures, strict=True)
    return [
        {
            "id": picture.id,
            "rank": wall.page.offset + place,
            "path": path,
            "size": list(picture.size),
            "alt": picture_text(picture.id, caption(picture.metadata)),
            "score": None,
            "box": None,
            "heat": None,
            "facts": _facts(picture.metadata),
        }
        for place, (picture, path) in enumerate(places, 1)
    ]


def _strokes(response: SearchResponse, query: PageQuery | None) -> list[list[list[int]]]:
    if query is None or query.like is not None or query.sketch is None or query.sketch.picture is not None:
        return []
    several = query.several and len(response.places) > 1
    strokes = query.sketch.strokes
    return by_thing(strokes, response.places) if several else [[list(stroke) for stroke in strokes]]


def _apart(response: SearchResponse, query: PageQuery | None) -> dict[str, Any] | None:
    if query is None or response.things < 2:
        return None
    names = [*query.names, *[""] * response.things][: response.things]
    return {
        "label": apart(response.things, wanted=query.several),
        "wanted": query.several,
        "names": names,
    }


def _result(result: SearchResult, path: str, scale: Scale) -> dict[str, Any]:
    named = caption(result.metadata)
    return {
        "id": result.id,
        "rank": result.rank,
        "path": path,
        "size": list(result.picture.size),
        "alt": alternative_text(result, named),
        "caption": named,
        "standing": standing(result),
        "score": f"{result.score:.3f}",
        "bar": round(bar(result.score, scale), 3),
        "box": None if result.box is None else list(result.box),
        "boxes": [list(box) for box in result.boxes] if len(result.boxes) > 1 else [],
        "heat": None if result.heatmap is None else heat(result.heatmap, scale.largest),
        "facts": _facts(result.metadata),
    }


def _facts(metadata: dict[str, Any]) -> list[list[str]]:
    return [[name, text, address(name, text)] for name, text in facts(metadata)]


def bar(score: float, scale: Scale) -> float:
    """Where a score lies between the gallery's middle one, 0, and the best result's, 1."""
    if scale.best <= scale.middle:
        return 1.0
    return float(np.clip((score - scale.middle) / (scale.best - scale.middle), 0.0, 1.0))


def heat(attention: np.ndarray, largest: float) -> str:
    """Attention (rows, columns) in 0..largest as bytes, row by row, in base64."""
    scaled = np.clip(attention / largest, 0.0, 1.0) * 255
    return base64.b64encode(scaled.round().astype(np.uint8).tobytes()).decode()


def caption(metadata: dict[str, Any]) -> str:
    """What a gallery calls a picture: the first of its captions or names, on one line; "" if it has none."""
    known = {name.casefold(): value for name, value in metadata.items()}
    for name in CAPTIONS:
        value = known.get(name)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str) and first.strip():
            return " ".join(first.split())[:LONGEST_FACT]
    return ""


def facts(metadata: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a gallery knows about a picture, as pairs of short texts; lists of numbers are left out."""
    for name, value in metadata.items():
        if isinstance(value, dict):
            yield from ((f"{name}: {inner}", text) for inner, text in facts(value))
            continue
        parts = value if isinstance(value, list) else [value]
        if parts and all(isinstance(part, str) for part in parts):
            yield name, ", ".join(parts)[:LONGEST_FACT]
        elif not isinstance(value, list) and value is not None:
            yield name, str(value)[:LONGEST_FACT]


def address(name: str, text: str) -> str:
    """Where a fact leads: to the web page that it is, or to the terms that it names; "" for neither."""
    if _WEB.fullmatch(text):
        return text if len(text) < LONGEST_FACT else ""  # what was cut leads nowhere
    return licence_address(text) if is_licence(name) else ""
