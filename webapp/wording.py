"""What the page says about an answer. Plain English: most readers learned it at school."""

from stnet.search import SearchResponse, SearchResult

_USED = {
    "sketch+text": "used your drawing and your words",
    "sketch": "used your drawing only",
    "text": "used your words only",
    "similar": "used the picture",
}
TOO_LONG = "Your words were too long: only the first part was read."


def caption(result: SearchResult) -> str:
    """One line under a result; it is the picture's alternative text too."""
    standing = f"above {result.percentile:.1f} % of the gallery (score {result.score:.2f})"
    return f"{result.rank}. {standing} {result.id}"


def invitation(gallery_size: int, *, own: bool = False) -> str:
    """The status line before the first search; `own` if the visitor's own photos will be searched."""
    ready = "Your photos" if own else f"{gallery_size:,} pictures"
    return f"{ready} are ready. Draw, type, or pick an example."


def status(response: SearchResponse, *, own: bool = False) -> str:
    """What was searched, by which half of the query, and how long each step took.

    `own` if it was the visitor's own photos.
    """
    seconds = {step: milliseconds / 1000 for step, milliseconds in response.timings.items()}
    steps = ", ".join(
        f"{step} {seconds[step]:.2f}" for step in ("encode", "candidates", "rerank", "localize")
    )
    searched = "of your photos" if own else "pictures"
    line = (
        f"{response.gallery_size:,} {searched}; {seconds['total']:.2f} s: {steps}; {_USED[response.mode]}; "
        f"showing the best {len(response.results)}."
    )
    return f"{line} {TOO_LONG}" if response.truncated else line
