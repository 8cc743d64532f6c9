"""What the page asks: a drawing, words, how many results, and which half counts more."""

from dataclasses import dataclass

from webapp.canvas import Sketch


@dataclass(frozen=True)
class Asked:
    """One query of the page.

    Attributes:
        sketch: what is on the paper; None for nothing.
        words: as they were typed.
        count: how many results, 1..50.
        balance: from -1, words alone, to 1, drawing alone.
    """

    sketch: Sketch | None
    words: str
    count: int
    balance: float
