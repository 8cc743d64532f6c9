"""What the page asks: a sketch, text, how many results, and which half counts more."""

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
    """

    sketch: Sketch | None
    text: str
    top_k: int
    balance: float
