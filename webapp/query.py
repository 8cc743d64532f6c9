"""What the page asks: a sketch, text, how many results, which half counts more, and where to search."""

from dataclasses import dataclass

from webapp.canvas import Sketch


@dataclass(frozen=True)
class PageQuery:
    """One query of the page.

    Attributes:
        sketch: what is on the paper; None for nothing.
        text: the words as they were typed.
        top_k: how many results, 1..MOST_RESULTS of stnet.search.query.
        balance: from -1, text alone, to 1, sketch alone.
        gallery: the name of the one to search; None for the server's first, or where there is no other.
    """

    sketch: Sketch | None
    text: str
    top_k: int
    balance: float
    gallery: str | None = None
