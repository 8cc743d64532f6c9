"""Whether a picture shows what words name, of the kinds of things that the model was trained on.

Words can stand out in a gallery by their surroundings alone: "a penguin on the snow" finds snow. So a picture
is asked for all the names that the model knows, and the named one must be among the first.
"""

import re
import threading

import torch.nn.functional as F
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.search.encoding import word_queries
from stnet.search.exclusion import read_wishes

# Of the names by what each scores on the picture. On scenes-1k and photos the first alone denies more that is
# right, the first five let more pass that isn't.
FIRST = 2


class KnownThings:
    """The names of one model's categories, encoded when first needed. Threads may share it."""

    def __init__(self, loaded: LoadedModel) -> None:
        self.names = tuple(loaded.model.config.categories)
        self._places = {name.casefold(): place for place, name in enumerate(self.names)}
        # the longest first: a hot dog is no dog
        longest = sorted(map(re.escape, self._places), key=len, reverse=True)
        self._named = re.compile(rf"\b({'|'.join(longest) or '(?!)'})(?:e?s)?\b", re.IGNORECASE)
        self._loaded = loaded
        self._lock = threading.Lock()
        self._queries: Tensor | None = None

    def named_in(self, text: str) -> list[int]:
        """The places in `names` of the things that words ask for, not of those that they leave out."""
        found = self._named.findall(read_wishes(text).wanted)
        return list(dict.fromkeys(self._places[name.casefold()] for name in found))

    def queries(self) -> Tensor:
        """Q of each name alone: (number of names, D). Call it in inference mode."""
        with self._lock:
            if self._queries is None:
                self._queries = word_queries(self._loaded, self.names)
            return self._queries

    def shows(self, vector: Tensor, text: str) -> bool:
        """Whether a picture shows one of the things that words name; True where they name none.

        Call it in inference mode.

        Args:
            vector: the picture's in the index, (D,), which is V as words alone see it.
        """
        named = self.named_in(text)
        if not named:
            return True
        queries = self.queries()
        return among_first(F.normalize(queries, dim=-1) @ vector.to(queries), named)


def among_first(scores: Tensor, named: list[int]) -> bool:
    """Whether one of the `named` is among the FIRST by score: scores (number of names,)."""
    return bool((scores > scores[named].max()).sum() < FIRST)
