"""A query on its way to the browser and back, as JSON."""

from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from webapp.canvas import Sketch
from webapp.query import PageQuery, read_likeness, read_names


def sent(query: PageQuery) -> dict[str, Any]:
    """The query for the browser, which gives it back to `received`."""
    sketch, like = None, None
    if query.sketch is not None:
        path = query.sketch.picture
        picture = None if path is None else {"path": str(path)}
        strokes = [list(stroke) for stroke in query.sketch.strokes]
        sketch = {"strokes": strokes, "picture": picture, "photo": query.sketch.photo}
    if query.like is not None:
        region = None if query.like.region is None else list(query.like.region)
        like = {"id": query.like.id, "number": query.like.number, "region": region}
    return {
        "sketch": sketch,
        "text": query.text,
        "top_k": query.top_k,
        "balance": query.balance,
        "gallery": query.gallery,
        "like": like,
        "unlike": list(query.unlike),
        "several": query.several,
        "filters": [list(one) for one in query.filters],
        "names": list(query.names),
        "guess": query.guess,
    }


def received(query: dict[str, Any]) -> PageQuery:
    """What `sent` made, as anybody may have sent it back.

    Raises:
        SketchError: if the paper's picture is none of this server's.
        ValueError, KeyError, TypeError: if it is nothing that `sent` makes.
    """
    return PageQuery(
        Sketch.from_value(query["sketch"], Path(get_upload_folder())),
        str(query["text"]),
        int(query["top_k"]),
        float(query["balance"]),
        None if query["gallery"] is None else str(query["gallery"]),
        read_likeness(query["like"]),
        tuple(str(id) for id in query["unlike"]),
        bool(query["several"]),
        tuple((str(name), str(value)) for name, value in query["filters"]),
        tuple(read_names([str(name) for name in query.get("names") or []])),
        bool(query.get("guess", True)),
    )
