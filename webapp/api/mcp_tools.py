"""What an MCP client may call: the search and "similar" that the page and the endpoints have too."""

from collections.abc import Sequence
from typing import Any

from mcp.types import Tool, ToolAnnotations
from starlette.requests import Request

from stnet.search import SearchError
from stnet.search.exclusion import MOST_UNLIKE
from stnet.search.query import DEFAULT_RESULTS, MOST_RESULTS
from stnet.search.things import MOST_THINGS
from webapp.api.http import reply
from webapp.api.sketches import sent_picture, sent_sketch
from webapp.canvas.strokes import GRID, MOST_STROKES
from webapp.search_service import Answerer

READS_ONLY = ToolAnnotations(readOnlyHint=True, openWorldHint=False)
TOP_K = {
    "type": "integer",
    "minimum": 1,
    "maximum": MOST_RESULTS,
    "default": DEFAULT_RESULTS,
    "description": "How many results.",
}
OFFSET = {
    "type": "integer",
    "minimum": 0,
    "default": 0,
    "description": "How many of the best results to leave out, for the next page of an answer.",
}
FILTERS = {
    "type": ["object", "null"],
    "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
    "description": (
        'Only pictures of which the gallery\'s metadata says this, for example {"light": "night"}; a list of '
        "values takes any of them. A refusal names the fields and the values that there are."
    ),
}
ANSWER = (
    "The answer is JSON: the results, best first, each with its id, its score, the percentile of that score "
    "in the gallery, what the gallery knows of it (author and licence, for example) and the address of the "
    "picture"
)

SEARCH = Tool(
    name="search",
    title="Find pictures by sketch and words",
    description=(
        "Find pictures of this server by a rough sketch of a thing, by words about what surrounds "
        "it, or by both: the sketch finds the thing, the words decide between the pictures that have it. "
        "Draw with `strokes`, or send a picture of a drawing as `sketch`. "
        f"{ANSWER}; with a sketch also a box (x0, y0, x1, y1 in 0..1 of the picture) around the thing and "
        "the address of a heat map."
    ),
    inputSchema={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "sketch": {
                "type": ["string", "null"],
                "description": (
                    "A picture of a drawing (PNG, JPEG or WebP; any pen on any plain paper; up to 3 MB) as a "
                    "data URL: data:image/png;base64,... Paths and web addresses are refused: this server "
                    "opens neither."
                ),
            },
            "strokes": {
                "type": ["array", "null"],
                "maxItems": MOST_STROKES,
                "items": {
                    "type": "array",
                    "minItems": 2,
                    "items": {"type": "integer", "minimum": 0, "maximum": GRID},
                },
                "description": (
                    "The drawing as lines instead of a picture: each stroke is x0, y0, x1, y1, ... on a "
                    f"square paper, x to the right and y down, whole numbers from 0 to {GRID}. "
                    "Draw the outline of the thing, large and in the middle."
                ),
            },
            "text": {
                "type": ["string", "null"],
                "description": (
                    "Words about what the drawing can't show: where the thing is, what is beside it, for "
                    'example "on the snow, at night". A few English words.'
                ),
            },
            "top_k": TOP_K,
            "balance": {
                "type": "number",
                "minimum": -1,
                "maximum": 1,
                "default": 0,
                "description": "From -1 (words alone) to 1 (sketch alone); 0 takes both.",
            },
            "exclude": {
                "type": ["string", "null"],
                "description": 'What to leave out, for example "grass". A few English words.',
            },
            "unlike": {
                "type": ["array", "null"],
                "maxItems": MOST_UNLIKE,
                "items": {"type": "string"},
                "description": "Ids of results to turn away from, with pictures like them.",
            },
            "several": {
                "type": "boolean",
                "default": False,
                "description": (
                    "Whether things that are drawn apart on the paper are all wanted, each about where it is "
                    "drawn: left of another, above it."
                ),
            },
            "hide_duplicates": {
                "type": "boolean",
                "default": False,
                "description": "Whether of pictures that are nearly the same only one is shown.",
            },
            "offset": OFFSET,
            "filters": FILTERS,
            "names": {
                "type": ["array", "null"],
                "maxItems": MOST_THINGS,
                "items": {"type": "string"},
                "description": (
                    'With `several`: what each thing is called, from left to right, "" for one without.'
                ),
            },
            "guess": {
                "type": "boolean",
                "default": True,
                "description": "Whether the names that the drawing is taken for count as if they were said.",
            },
            "sought": {
                "type": ["string", "null"],
                "description": "The id of a picture: the answer says at which rank it came.",
            },
        },
    },
    annotations=READS_ONLY,
)

SIMILAR = Tool(
    name="similar",
    title="Find similar pictures",
    description=f"Find pictures of this server that are like another one, with words or alone. {ANSWER}.",
    inputSchema={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "id": {
                "type": ["string", "null"],
                "description": "The id of a result of `search`, unless there is an `image`.",
            },
            "image": {
                "type": ["string", "null"],
                "description": (
                    "Instead of the id: any picture (PNG, JPEG or WebP, up to 3 MB) as a data URL: "
                    "data:image/png;base64,..."
                ),
            },
            "text": {
                "type": ["string", "null"],
                "description": "Words about what else the pictures should show. A few English words.",
            },
            "top_k": TOP_K,
            "region": {
                "type": ["array", "null"],
                "minItems": 4,
                "maxItems": 4,
                "items": {"type": "number", "minimum": 0, "maximum": 1},
                "description": "x0, y0, x1, y1 of the picture, to find the like of what is there alone.",
            },
            "offset": OFFSET,
            "filters": FILTERS,
        },
    },
    annotations=READS_ONLY,
)


def tools(galleries: Sequence[str]) -> list[Tool]:
    """Both tools of a server that has galleries of these names; the first is the default."""
    offered = " or ".join(f'"{name}"' for name in galleries)
    gallery = {
        "type": ["string", "null"],
        "description": f"Which of this server's galleries: {offered}. The first unless given.",
    }
    return [_with_argument(tool, "gallery", gallery) for tool in (SEARCH, SIMILAR)]


def _with_argument(tool: Tool, name: str, schema: dict[str, Any]) -> Tool:
    properties = tool.inputSchema["properties"] | {name: schema}
    return tool.model_copy(update={"inputSchema": tool.inputSchema | {"properties": properties}})


def call_tool(answerer: Answerer, name: str, arguments: dict[str, Any], request: Request) -> dict[str, Any]:
    """The answer to one call, the same JSON as that of the endpoint with the tool's name.

    Args:
        arguments: as the tool's schema has them.
        request: what brought the call.

    Raises:
        SearchError, SketchError: for a query that can't be answered, or a tool that isn't there.
    """
    if name == SEARCH.name:
        sketch = sent_sketch(arguments.pop("sketch", None), arguments.pop("strokes", None))
        answer = answerer.search(
            sketch,
            arguments.get("text"),
            arguments.get("top_k", TOP_K["default"]),
            arguments.get("balance", 0.0),
            exclude=arguments.get("exclude"),
            unlike=arguments.get("unlike"),
            several=arguments.get("several", False),
            hide_duplicates=arguments.get("hide_duplicates", False),
            offset=arguments.get("offset", 0),
            filters=arguments.get("filters"),
            sought=arguments.get("sought"),
            names=arguments.get("names"),
            guess=arguments.get("guess", True),
            gallery=arguments.get("gallery"),
        )
    elif name == SIMILAR.name:
        answer = answerer.similar(
            arguments.get("id"),
            arguments.get("top_k", TOP_K["default"]),
            arguments.get("region"),
            image=sent_picture(arguments.get("image"), "image"),
            text=arguments.get("text"),
            offset=arguments.get("offset", 0),
            filters=arguments.get("filters"),
            gallery=arguments.get("gallery"),
        )
    else:
        raise SearchError(f"There is no tool {name!r}: call {SEARCH.name} or {SIMILAR.name}")
    return reply(answer, request)
