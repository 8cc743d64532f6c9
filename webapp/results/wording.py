"""What the page says about an answer. Plain English: most readers learned it at school."""

from html import escape

from stnet.search import SearchResponse, SearchResult
from webapp.language import is_foreign
from webapp.query import Likeness

_USED = {
    "sketch+text": "used your drawing and your words",
    "sketch": "used your drawing only",
    "text": "used your words only",
    "similar": "used the picture",
}
STRONG = "Strong match."
WEAK = "Weak match: maybe the thing isn't in this collection."
WEAK_OWN = "Weak match: maybe the thing isn't in your photos."
NO_SUCH_GALLERY = (
    "This link is for a gallery that this server doesn't have. These pictures are from another one."
)
NONE_PASSES = "No picture passes all of these filters."
TOO_LONG = "Your words were too long: only the first part was read."
PARTIAL = "A part of the collection can't be searched just now: these pictures are from the rest of it."
NOT_ENGLISH = "These words don't look like English, which is all that was learned here: try English ones."


def standing(result: SearchResult) -> str:
    """How a result compares with the other pictures."""
    return f"above {result.percentile:.1f} % of the gallery"


def alternative_text(result: SearchResult, caption: str) -> str:
    """A result for those who don't see it; the caption may be ""."""
    return f"{result.rank}. {caption}: {result.id}" if caption else f"{result.rank}: {result.id}"


def picture_text(id: str, caption: str) -> str:
    """A picture of the wall for those who don't see it; the caption may be ""."""
    return f"{caption}: {id}" if caption else id


def likeness(like: Likeness) -> str:
    """What results are like, on the chip that takes it away."""
    return f"like picture {like.number}" if like.region is None else f"in the frame of picture {like.number}"


def apart(things: int, *, wanted: bool) -> str:
    """What the chip says about things that are drawn apart: it asks for each of them, or takes that back."""
    return f"{things} things apart" if wanted else f"search for the {things} things apart"


def turned_away(pictures: int) -> str:
    """How many pictures the results are not like, on the chip that takes that back."""
    return f"not like {pictures} picture{'s' if pictures > 1 else ''}"


def invitation(gallery_size: int, *, own: bool = False) -> str:
    """The status line before the first search; `own` if the visitor's own photos will be searched."""
    ready = "Your photos" if own else f"{gallery_size:,} pictures"
    return f"{ready} are ready. Draw, type, or pick an example."


def _searched(size: int, own: bool) -> str:
    if size == 1:
        return "your photo" if own else "1 picture"
    return f"your {size:,} photos" if own else f"{size:,} pictures"


def said(*texts: str) -> str:
    """Texts as HTML, each a paragraph of the status; empty ones are left out."""
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts if text)


def status(response: SearchResponse, device: str, *, own: bool = False, note: str = "") -> str:
    """How good the answer is and which half of the query it used, as HTML; how long each step took is folded.

    Args:
        device: what computed, as torch names it.
        own: whether it was the visitor's own photos.
        note: of ours, to be said first.
    """
    seconds = {step: milliseconds / 1000 for step, milliseconds in response.timings.items()}
    used = _USED[response.mode]
    if response.mode == "similar" and response.text:
        used += " and your words"
    match = "" if response.match is None else STRONG if response.match.close else WEAK_OWN if own else WEAK
    searched = _searched(response.gallery_size, own)
    line = f"We {used}; showing the best {len(response.results)} of {searched}."
    if not response.results:
        line = NONE_PASSES
    steps = (
        f"Encode {seconds['encode']:.2f}, search {seconds['candidates']:.2f}, "
        f"rerank {seconds['rerank']:.2f}, locate {seconds['localize']:.2f}; {device.upper()}"
    )
    strong = f"<strong>{escape(match, quote=False)}</strong> " if match else ""
    remarks = said(
        PARTIAL if response.missing else "",
        NOT_ENGLISH if is_foreign(response.text) else "",
        TOO_LONG if response.truncated else "",
    )
    return (
        f"{said(note)}<p>{strong}{line}</p>{remarks}"
        f"<details><summary>Found in {seconds['total']:.2f} s</summary>{said(steps)}</details>"
    )
