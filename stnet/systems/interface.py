"""What a system is: an encoder that sees pictures and drawings, and a score of queries against pictures."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.model.processing import STNetProcessor

Modality = Literal["sketch+text", "sketch", "text"]
Options = Mapping[str, Any]
Queries = Mapping[str, Tensor]  # what a system makes of q queries: tensors by name, a row a query


class Encoder(ABC):
    """From pixels to what is stored. Equal encoders make the same of the same pixels."""

    @abstractmethod
    def pictures(self, values: Tensor) -> Tensor:
        """Features to store. (B, 3, S, S), as STNetProcessor makes them -> (B, ...), float32"""

    @abstractmethod
    def sketches(self, values: Tensor) -> Tensor:
        """Vectors of drawings. (B, C, s, s), as STNetProcessor makes them -> (B, hidden), float32"""


class System(ABC):
    """A way to rank pictures.

    Attributes:
        asks: the kinds of queries that it answers.
        searches_galleries: whether what it searches are STNET's patch features, which galleries store.
        encoder: what it sees through.
        processor: makes the encoder's input.
        parameters: numbers that it learned, of all networks that a search with it needs.
    """

    asks: ClassVar[tuple[Modality, ...]]
    searches_galleries: ClassVar[bool] = False
    encoder: Encoder
    processor: STNetProcessor
    parameters: int

    @classmethod
    @abstractmethod
    def build(cls, loaded: LoadedModel, options: Options) -> Self:
        """The system over a checkpoint's networks, as the fields of its configuration say.

        Raises:
            ValueError: if a field is unknown or makes no sense, or the checkpoint lacks what is needed.
        """

    @abstractmethod
    def queries(self, sketches: Tensor | None, texts: Sequence[str] | None) -> Queries:
        """Queries in the system's own form, of one of the kinds in `asks`.

        Args:
            sketches: what the encoder made of the drawings, (q, hidden); None for words alone.
            texts: q texts; None for drawings alone.
        """

    def index(self, stored: Tensor) -> Any:
        """What is searched, made once of a gallery's stored features (N, ...): these themselves here."""
        return stored

    @abstractmethod
    def scores(self, queries: Queries, index: Any) -> Tensor:
        """Finite scores, higher is better: (q, N)"""


def refuse_unknown(options: Options, known: Sequence[str]) -> None:
    """Raises ValueError if the options have a field that the system doesn't know."""
    unknown = sorted(options.keys() - set(known))
    if unknown:
        expected = ", ".join(known) or "none"
        raise ValueError(f"the system has no fields {', '.join(unknown)}; expected {expected}")
