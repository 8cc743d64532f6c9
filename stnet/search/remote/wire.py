"""Questions to a server of shards and its answers, as JSON: no code, no paths, and to the last bit."""

import base64
import binascii
import io
from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from PIL import Image

from stnet.gallery.manifest import Manifest
from stnet.pictures import PictureError, open_picture
from stnet.search.guessing import Guess
from stnet.search.query import read_picture
from stnet.search.results import Match, SearchError, SearchResponse, SearchResult

PICTURES = ("sketch", "image")  # what a caller sends as a picture, never as a path
# of a gallery, what a page must know of it
_TOLD = ("name", "rows", "model_name", "model_fingerprint", "grid", "dimension", "parts", "image_size")
_TOLD_OF_PICTURES = ("picture_size", "picture_format", "skipped")
_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def pack_question(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What `SearchEngine.search` or `similar` is asked with, by name, as JSON.

    Raises:
        SearchError: if a picture is none, or can't be read.
    """
    packed = dict(arguments)
    for name in PICTURES:
        if packed.get(name) is not None:
            packed[name] = _pack_picture(packed[name], name)
    return packed


def unpack_question(sent: Any, names: Collection[str]) -> dict[str, Any]:
    """The arguments of a method of SearchEngine, out of JSON that anybody may have sent.

    The engine checks their values; here nothing passes that it wouldn't check: other names, paths of files.

    Args:
        names: of the method's parameters.

    Raises:
        SearchError: if it is no question, or its picture is none.
    """
    if not isinstance(sent, dict) or not sent.keys() <= {*names}:
        raise SearchError(f"Expected an object with some of {', '.join(names)}; got {str(sent)[:80]}")
    arguments = dict(sent)
    for name in PICTURES:
        if arguments.get(name) is not None:
            arguments[name] = _unpack_picture(arguments[name], name)
    return arguments


def pack_answer(response: SearchResponse) -> dict[str, Any]:
    """A response as JSON, its pictures and heat maps in base 64."""
    packed = {item.name: getattr(response, item.name) for item in fields(response)}
    return packed | {
        "match": None if response.match is None else asdict(response.match),
        "guesses": [asdict(guess) for guess in response.guesses],
        "missing": list(response.missing),
        "results": [_pack_result(result) for result in response.results],
    }


def unpack_answer(sent: Any) -> SearchResponse:
    """The inverse of `pack_answer`.

    Raises:
        SearchError: if it is no answer.
    """
    try:
        values = dict(sent)
        match = values["match"]
        values |= {
            "match": None if match is None else Match(**match),
            "guesses": tuple(Guess(**guess) for guess in values["guesses"]),
            "missing": tuple(values["missing"]),
            "results": [_unpack_result(result) for result in values["results"]],
        }
        return SearchResponse(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise SearchError(f"The server of this gallery gave an answer that isn't one: {error}") from error


def pack_gallery(manifest: Manifest) -> dict[str, Any]:
    """What a page must know of a gallery that it can't open."""
    return {name: getattr(manifest, name) for name in (*_TOLD, *_TOLD_OF_PICTURES)}


def unpack_gallery(sent: Any) -> Manifest:
    """The inverse of `pack_gallery`; there are no files.

    Raises:
        ValueError: if it is none.
    """
    try:
        values = dict(sent)
        return Manifest(**values | {"grid": tuple(values["grid"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"expected what a gallery is, got {str(sent)[:80]}: {error}") from error


def _pack_result(result: SearchResult) -> dict[str, Any]:
    heatmap = result.heatmap
    return {
        "rank": result.rank,
        "id": result.id,
        "score": result.score,
        "percentile": result.percentile,
        "boxes": [list(box) for box in result.boxes],
        "heatmap": None if heatmap is None else _pack_heatmap(heatmap),
        "heatmap_max": result.heatmap_max,
        "metadata": result.metadata,
        "picture_bytes": _text(result.picture_bytes),
        "picture_format": result.picture_format,
    }


def _unpack_result(sent: Any) -> SearchResult:
    values = dict(sent)
    heatmap = values["heatmap"]
    return SearchResult(
        **values
        | {
            "boxes": tuple(tuple(box) for box in values["boxes"]),
            "heatmap": None if heatmap is None else _unpack_heatmap(heatmap),
            "picture_bytes": _bytes(values["picture_bytes"]),
        }
    )


def _pack_heatmap(heatmap: np.ndarray) -> dict[str, Any]:
    return {"shape": list(heatmap.shape), "values": _text(heatmap.astype("<f4").tobytes())}


def _unpack_heatmap(sent: Any) -> np.ndarray:
    return np.frombuffer(_bytes(sent["values"]), dtype="<f4").reshape(sent["shape"]).copy()


def _pack_picture(picture: Any, name: str) -> str:
    opened = read_picture(picture, name)
    assert opened is not None  # None is not packed
    file = io.BytesIO()
    try:
        lossless = opened if opened.mode in _PNG_MODES else opened.convert("RGB")
        lossless.save(file, format="PNG", compress_level=1)
    except (OSError, SyntaxError, ValueError) as error:  # a lazily opened picture may be damaged
        raise SearchError(f"The {name} can't be read: {error}") from error
    return _text(file.getvalue())


def _unpack_picture(sent: Any, name: str) -> Image.Image:
    if not isinstance(sent, str):
        raise SearchError(f"The {name} must be a picture in base 64, got {type(sent).__name__}")
    try:
        return open_picture(_bytes(sent))
    except (PictureError, ValueError) as error:
        raise SearchError(f"The {name} can't be read: {error}") from error


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise ValueError(f"not in base 64: {error}") from error
