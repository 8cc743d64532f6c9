"""Queries that mean nothing, the same ones for the same seed: scribbles, and words of random letters."""

import threading
from collections.abc import Sequence
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from stnet.checkpoint import LoadedModel
from stnet.model.named import say_names
from stnet.search.results import Mode
from stnet.strokes import render_strokes

BATCH = 16  # texts encoded at a time: more are padded more
COUNT = 128


class NonsenseVectors(NamedTuple):
    """h_S and Q of the queries, each (COUNT, D)."""

    sketch: Tensor
    query: Tensor


def scribble(generator: np.random.Generator) -> Image.Image:
    """Two to six wandering lines in ink on white paper."""
    lines = []
    for _ in range(generator.integers(2, 7)):
        points = int(generator.integers(8, 30))
        direction = generator.uniform(0, 2 * np.pi) + np.cumsum(generator.normal(0, 0.6, points))
        steps = np.stack([np.cos(direction), np.sin(direction)], axis=1) * generator.uniform(0.02, 0.08)
        lines.append(np.clip(generator.uniform(0.15, 0.85, 2) + np.cumsum(steps, axis=0), 0, 1))
    return Image.fromarray(255 - render_strokes(lines))


def gibberish(generator: np.random.Generator) -> str:
    """One to five words of random letters."""
    lengths = generator.integers(2, 9, generator.integers(1, 6))
    return " ".join("".join(generator.choice(list(ascii_lowercase), length)) for length in lengths)


class EncodedNonsense(NamedTuple):
    """Scribbles and texts, float32 (COUNT, D) each, on no device.

    `sketches` h_S, `texts` h_T, `named_texts` h_T of texts beside the scribbles, `names` h_T of scribbles
    without a text: the names that they are taken for count as said (see stnet.model.named).
    """

    sketches: np.ndarray
    texts: np.ndarray
    named_texts: np.ndarray
    names: np.ndarray


class Nonsense:
    """COUNT scribbles and COUNT texts, encoded by one model when first needed. Threads may share it."""

    def __init__(self, loaded: LoadedModel, seed: int = 0) -> None:
        """`seed`: another one makes other queries of the same kind."""
        self._seed = seed
        self._model, self._processor = loaded.model, loaded.processor
        self._device = next(loaded.model.parameters()).device
        self._lock = threading.Lock()
        self.known: EncodedNonsense | None = None

    def keep(self, encoded: EncodedNonsense) -> None:
        """Take over what another process has encoded with the same model and seed."""
        self.known = encoded

    def vectors(self, mode: Mode) -> NonsenseVectors:
        """The queries with the same halves as a query of this mode. Call it in inference mode."""
        model, encoded = self._model, self._encoded()
        neutral_sketch = model.neutral_sketch.expand(COUNT, -1)
        sketch = neutral_sketch if mode == "text" else self._loaded(encoded.sketches)
        if mode == "sketch+text":
            sketch = model.beside_words(sketch)
        text = {"sketch": encoded.names, "sketch+text": encoded.named_texts}.get(mode, encoded.texts)
        return NonsenseVectors(sketch, self._loaded(text) * sketch)

    def _encoded(self) -> EncodedNonsense:
        with self._lock:
            if self.known is None:
                self.known = self._encode()
            return self.known

    def _encode(self) -> EncodedNonsense:
        generator = np.random.default_rng(self._seed)
        words = [gibberish(generator) for _ in range(COUNT)]
        sketches, texts = self._encode_sketches(), self._encode_texts(words)
        silence, nothing = self._model.neutral_text.expand(COUNT, -1), [""] * COUNT
        named = say_names(self._model, sketches, words, texts, self._encode_texts)
        names = say_names(self._model, sketches, nothing, silence, self._encode_texts)
        return EncodedNonsense(*(part.cpu().numpy() for part in (sketches, texts, named, names)))

    def _encode_sketches(self) -> Tensor:
        generator = np.random.default_rng(self._seed)
        drawn = (self._processor.sketch(scribble(generator)) for _ in range(COUNT))
        inked = [values for values in drawn if values is not None]
        return self._model.encode_sketch(torch.cat(inked).to(self._device))

    def _encode_texts(self, texts: Sequence[str]) -> Tensor:
        parts = []
        for start in range(0, len(texts), BATCH):
            ids, mask = self._processor.text_batch(texts[start : start + BATCH])
            parts.append(self._model.encode_text(ids.to(self._device), mask.to(self._device)))
        return torch.cat(parts)

    def _loaded(self, vectors: np.ndarray) -> Tensor:
        return torch.from_numpy(vectors).to(self._device)
