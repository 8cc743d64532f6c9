"""What the page says about an answer. Plain English: most readers learned it at school."""

from stnet.search import SearchResponse, SearchResult
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


def status(response: SearchResponse, device: str, *, own: bool = False, note: str = "") -> str:
    """How good the answer is, which half of the query it used, and how long each step took.

    Args:
        device: what computed, as torch names it.
        own: whether it was the visitor's own photos.
        note: of ours, to be said first.
    """
    seconds = {step: milliseconds / 1000 for step, milliseconds in response.timings.items()}
    searched = "of your photos" if own else "pictures"
    used = _USED[response.mode]
    if response.mode == "similar" and response.text:
        used += " and your words"
    lines = [
        f"We {used}; showing the best {len(response.results)}.",
        f"{seconds['total']:.2f} s: encode {seconds['encode']:.2f}, search {seconds['candidates']:.2f}, "
        f"rerank {seconds['rerank']:.2f}, locate {seconds['localize']:.2f}; "
        f"{response.gallery_size:,} {searched}; {device.upper()}",
    ]
    if not response.results:
        lines[0] = NONE_PASSES
    if response.truncated:
        lines.insert(1, TOO_LONG)
    if response.missing:
        lines.insert(1, PARTIAL)
    if response.match is not None:
        weak = WEAK_OWN if own else WEAK
        lines[0] = f"**{STRONG if response.match.close else weak}** {lines[0]}"
    return "\n\n".join([note, *lines] if note else lines)
