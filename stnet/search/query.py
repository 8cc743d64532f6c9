"""What a person sent, checked and made ready for the model."""

from collections.abc import Sized
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from torch import Tensor

from stnet.model.ink import ink_of
from stnet.model.processing import STNetProcessor, TextInput, clean_text
from stnet.pictures import MAX_PIXELS, PictureError, open_picture
from stnet.search.exclusion import NOTHING_WANTED, read_wishes
from stnet.search.results import Mode, SearchError
from stnet.search.things import Thing, things_of

DEFAULT_RESULTS, MOST_RESULTS = 12, 50
EMPTY_QUERY = "Draw something or type a few words."


@dataclass(frozen=True)
class Query:
    """A sketch (1, C, s, s), tokens, or both; `text` is the part of the words that is read.

    `balance` is 0 where only one half was given: there is nothing to weigh. `unwanted` is what to leave out,
    `things` what is drawn apart on the paper; `guess` whether the names that the drawing is taken
    for count: not where the words hold what somebody calls the thing, or where nobody wants it.
    """

    sketch: Tensor | None
    tokens: TextInput | None
    text: str
    truncated: bool
    balance: float = 0.0
    unwanted: TextInput | None = None
    things: tuple[Thing, ...] = ()
    guess: bool = True

    @property
    def mode(self) -> Mode:
        """Which halves there are."""
        if self.sketch is None:
            return "text"
        return "sketch" if self.tokens is None else "sketch+text"


def read_query(
    processor: STNetProcessor,
    sketch: Image.Image | str | Path | None,
    text: str | None,
    balance: float = 0.0,
    exclude: str | None = None,
) -> Query:
    """Check a query; blank paper and blank words count as none, and so does the half that gets no weight.

    Args:
        exclude: words for what to leave out, beside what `text` says after "not" or "without".

    Raises:
        SearchError: if the sketch is not a picture, the words are not text, nothing is asked for, or the
            balance is not in -1..1.
    """
    for words in (text, exclude):
        if words is not None and not isinstance(words, str):
            raise SearchError(f"The words must be text, got {type(words).__name__}")
    balance = _check_balance(balance)
    wishes = read_wishes(clean_text(text or ""))
    unwanted = processor.text(", ".join(filter(None, (wishes.unwanted, exclude))))
    drawing = read_picture(sketch, "sketch")
    try:
        ink = None if drawing is None else ink_of(drawing)
    except (OSError, SyntaxError, ValueError) as error:  # a lazily opened picture may be damaged
        raise SearchError(f"The sketch can't be read: {error}") from error
    tokens = processor.text(wishes.wanted)
    if ink is None and tokens is None:
        raise SearchError(EMPTY_QUERY if unwanted is None else NOTHING_WANTED)
    read, cut = ("", False) if tokens is None else (tokens.read, tokens.truncated)
    values, things = (None, ()) if ink is None else (processor.inked(ink), tuple(things_of(ink)))
    query = Query(values, tokens, read, truncated=cut, unwanted=unwanted, things=things)
    return query if values is None or tokens is None else _weighed(query, balance)


def _weighed(query: Query, balance: float) -> Query:
    """A query of two halves with its balance, without the half that gets no weight."""
    if balance == -1:
        return replace(query, sketch=None, things=(), balance=balance)
    if balance == 1:
        return replace(query, tokens=None, text="", truncated=False, balance=balance)
    return replace(query, balance=balance)


def _check_balance(balance: float) -> float:
    number = isinstance(balance, int | float) and not isinstance(balance, bool)
    if not number or not -1 <= balance <= 1:
        raise SearchError(
            f"The balance must be a number from -1 (words alone) to 1 (sketch alone), got {balance!r}"
        )
    return float(balance)


def read_picture(picture: Image.Image | str | Path | None, name: str) -> Image.Image | None:
    """A picture, or that of a path; `name` is what the refusal calls it.

    Raises:
        SearchError: if it is no picture, can't be read, or has too many pixels.
    """
    if picture is None:
        return None
    if isinstance(picture, str | Path):
        try:
            return open_picture(Path(picture))
        except PictureError as error:
            raise SearchError(f"The {name} {picture} can't be read: {error}") from error
    if not isinstance(picture, Image.Image):
        raise SearchError(f"The {name} must be a picture or a path, got {type(picture).__name__}")
    if picture.width * picture.height > MAX_PIXELS:
        raise SearchError(
            f"The {name} has {picture.width} x {picture.height} pixels, more than {MAX_PIXELS:,}"
        )
    return picture


def check_count(top_k: int, gallery: Sized) -> int:
    """How many results to give: `top_k`, or the gallery's size if that is less.

    Raises:
        SearchError: if `top_k` is not a whole number in 1..MOST_RESULTS.
    """
    whole = isinstance(top_k, int | float) and not isinstance(top_k, bool) and top_k == top_k // 1
    if not whole or not 1 <= top_k <= MOST_RESULTS:
        raise SearchError(
            f"The number of results must be a whole number from 1 to {MOST_RESULTS}, got {top_k!r}"
        )
    return min(int(top_k), len(gallery))
