"""Queries on their way to vectors: both halves encoded, words only once, and weighed against each other."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import torch
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.model.named import say_names
from stnet.model.processing import TextInput
from stnet.search.exclusion import take_away
from stnet.search.query import Query
from stnet.search.results import SearchError

BATCH = 64  # of many texts, encoded at a time
MOST_KEPT = 256  # vectors of words, and as many of drawings: 128 KB each of a model with D = 128


@torch.inference_mode()
def word_queries(loaded: LoadedModel, texts: Sequence[str]) -> Tensor:
    """Q of each of many texts as the only half of its query: (K, D), K > 0."""
    device = next(loaded.model.parameters()).device
    parts = []
    for start in range(0, len(texts), BATCH):
        ids, mask = loaded.processor.text_batch(texts[start : start + BATCH])
        parts.append(loaded.model.encode_text(ids.to(device), mask.to(device)))
    return torch.cat(parts) * loaded.model.neutral_sketch


class Vectors(NamedTuple):
    """What one query becomes, each (D,).

    Attributes:
        sketch: h_S as it guides the attention of the score: words weigh against it.
        query: Q.
        drawing: h_S in full: what says where the drawn thing is, and what it is called.
    """

    sketch: Tensor
    query: Tensor
    drawing: Tensor


class RecentVectors:
    """The vectors of the keys that were asked for last, at most `most` of them. Threads may share it."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._vectors: OrderedDict[Hashable, Tensor] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._vectors)

    def get(self, key: Hashable, compute: Callable[[], Tensor]) -> Tensor:
        """The vector of `key`, computed if it isn't here; no thread waits while another one computes."""
        (vector,) = self.get_all([key], lambda _: [compute()])
        return vector

    def get_all(
        self, keys: Sequence[Hashable], compute: Callable[[list[Any]], Iterable[Tensor]]
    ) -> list[Tensor]:
        """The vectors of `keys`; those that aren't here are computed together, in their order."""
        with self._lock:
            known = {key: self._vectors[key] for key in keys if key in self._vectors}
            for key in known:
                self._vectors.move_to_end(key)
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing:
            fresh = dict(zip(missing, compute(missing), strict=True))
            with self._lock:
                self._vectors.update(fresh)
                while len(self._vectors) > self._most:
                    self._vectors.popitem(last=False)
            known.update(fresh)
        return [known[key] for key in keys]


class QueryEncoder:
    """One model's vectors of queries.

    Somebody who draws on searches the same words again, and who scrolls on the same drawing: both are kept.
    """

    def __init__(self, loaded: LoadedModel) -> None:
        self._model, self._processor = loaded.model, loaded.processor
        self._device = next(loaded.model.parameters()).device
        self._texts, self._sketches, self._named = RecentVectors(), RecentVectors(), RecentVectors()

    def encode(self, query: Query, unlike: Sequence[Tensor] = ()) -> Vectors:
        """h_S and Q = h_T * h_S, the halves weighed by share and balance. Call it in inference mode.

        Args:
            unlike: vectors of pictures, (D,) each, that are taken away from Q as the unwanted words are.

        Raises:
            SearchError: if the model makes no finite vector of the query.
        """
        neutral = Halves(self._model.neutral_sketch, self._model.neutral_text)
        drawing = self.encode_drawing(query)
        text = neutral.text if query.tokens is None else self._encode_text(query.tokens)
        share = self._model.config.sketch_share if query.mode == "sketch+text" else 1.0
        if query.sketch is not None and query.guess:
            text = torch.lerp(text, self._said(drawing, query.text, text), 1 + min(query.balance, 0.0))
            if query.balance > 0:
                neutral = neutral._replace(text=self._said(drawing, "", neutral.text))
        sketch, text = balanced(Halves(drawing, text), neutral, query.balance, share)
        unwanted = [*unlike]
        if query.unwanted is not None:
            unwanted.append(neutral.sketch * self._encode_text(query.unwanted))
        vectors = Vectors(sketch, take_away(text * sketch, unwanted), drawing)
        if not torch.isfinite(torch.stack(vectors)).all() or not vectors.query.any():
            raise SearchError("The model makes no usable vector of this query; is the checkpoint damaged?")
        return vectors

    def encode_drawing(self, query: Query) -> Tensor:
        """h_S in full, (D,); the neutral vector of a query without a drawing."""
        neutral: Tensor = self._model.neutral_sketch
        return neutral if query.sketch is None else self._encode_sketch(query.sketch)

    def encode_like(self, shown: Tensor, words: Query | None) -> Vectors:
        """What something shows, (D,), in the place of h_S, with a query's words or none."""
        text: Tensor = self._model.neutral_text
        unwanted = []
        if words is not None and words.tokens is not None:
            text = self._encode_text(words.tokens)
        if words is not None and words.unwanted is not None:
            unwanted.append(self._model.neutral_sketch * self._encode_text(words.unwanted))
        return Vectors(shown, take_away(text * shown, unwanted), shown)

    def _encode_sketch(self, sketch: Tensor) -> Tensor:
        content = sketch.contiguous().numpy().tobytes()
        return self._sketches.get(
            sha256(content).digest(), lambda: self._model.encode_sketch(sketch.to(self._device))[0]
        )

    def _said(self, drawing: Tensor, words: str, plain: Tensor) -> Tensor:
        """h_T of words, (D,), with the names that the drawing is taken for; `plain` is h_T without them."""
        return say_names(self._model, drawing[None], [words], plain[None], self._encode_named)[0]

    def _encode_named(self, texts: Sequence[str]) -> Tensor:
        def compute(missing: list[str]) -> Tensor:
            ids, mask = self._processor.text_batch(missing)
            return self._model.encode_text(ids.to(self._device), mask.to(self._device))

        return torch.stack(self._named.get_all(texts, compute))

    def _encode_text(self, tokens: TextInput) -> Tensor:
        def compute() -> Tensor:
            ids, mask = tokens.input_ids.to(self._device), tokens.attention_mask.to(self._device)
            return self._model.encode_text(ids, mask)[0]

        return self._texts.get(tuple(tokens.input_ids[0].tolist()), compute)


class Halves(NamedTuple):
    """h_S and h_T of one query, each (D,), or the neutral vectors that stand in for them."""

    sketch: Tensor
    text: Tensor


def balanced(halves: Halves, neutral: Halves, balance: float, share: float = 1.0) -> Halves:
    """Take weight from one half: on a straight line to the neutral vector that stands for "nothing said".

    Above 0 the words fade, below 0 the sketch does, and with it the attention that it guides. At both ends
    the faded half is the neutral vector to the last bit, so that the other one is searched as if it were
    alone; at 0 the words count in full and the sketch by its share.

    Args:
        balance: from -1, words alone, by 0, the model's own score, to 1, sketch alone.
        share: how much of the sketch counts beside words, STNetConfig.sketch_share; 1 is the paper.
    """
    weight = share * (1 + balance) if balance < 0 else share + (1 - share) * balance
    sketch = torch.lerp(neutral.sketch, halves.sketch, weight)
    text = torch.lerp(neutral.text, halves.text, 1 - max(balance, 0.0))
    return Halves(sketch, text)
