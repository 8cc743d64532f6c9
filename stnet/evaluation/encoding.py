"""A suite through the model's towers: every picture once, every query once, in the order of the suite."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.evaluation.asked import AskedSuite
from stnet.evaluation.suites.base import KnownObject, Suite, SuiteQuery
from stnet.model.modeling import STNetModel
from stnet.model.named import say_names
from stnet.model.processing import STNetProcessor

BATCH = 64


@dataclass(frozen=True, eq=False)
class EncodedSuite(AskedSuite):
    """N pictures and Q queries, as the model's towers see them.

    Attributes:
        patches: H of the pictures, float32 (N, P, D).
        sketches: h_S of the queries, float32 (Q, D); the neutral vector where the suite has words alone.
        texts: h_T of the queries' words, float32 (Q, D); None if a query of the suite has no words.
        names: h_T of the drawings without words, and `named_texts` of the words beside them (None without
            words): the names that a drawing is taken for count as said (see stnet.model.named).
    """

    patches: Tensor
    sketches: Tensor
    texts: Tensor | None
    names: Tensor
    named_texts: Tensor | None


class Prepared(NamedTuple):
    """An entry whose picture and sketches are the towers' input already: (3, S, S) and K x (C, s, s)."""

    picture: np.ndarray
    sketches: list[np.ndarray]
    objects: tuple[KnownObject, ...]
    queries: tuple[SuiteQuery, ...]


class _PreparedEntries(Dataset[Prepared]):
    def __init__(self, suite: Suite, processor: STNetProcessor) -> None:
        self.suite, self.processor = suite, processor

    def __len__(self) -> int:
        return len(self.suite)

    def __getitem__(self, index: int) -> Prepared:
        entry = self.suite.entry(index)
        picture = self.processor.images([Image.fromarray(entry.pixels)])[0].numpy()
        inks = [query.sketch for query in entry.queries if query.sketch is not None]
        sketches = [prepare_sketch(self.processor, ink) for ink in inks]
        return Prepared(picture, sketches, entry.objects, entry.queries)


def prepare_sketch(processor: STNetProcessor, ink: np.ndarray) -> np.ndarray:
    """(H, W) uint8, ink high -> (C, s, s) float32, through the door that a drawing on paper takes.

    Raises:
        ValueError: if there is no ink.
    """
    values = processor.sketch(Image.fromarray(255 - ink))
    if values is None:
        raise ValueError("a query's sketch has no ink")
    return values[0].numpy()


@torch.inference_mode()
def encode_sketches(model: STNetModel, sketches: Sequence[np.ndarray]) -> Tensor:
    """Prepared sketches, K x (C, s, s) -> h_S, float32 (K, D)"""
    batches = [
        model.encode_sketch(torch.from_numpy(np.stack(sketches[start : start + BATCH])).to(model.device))
        for start in range(0, len(sketches), BATCH)
    ]
    return torch.cat(batches).float()


@torch.inference_mode()
def encode_texts(model: STNetModel, processor: STNetProcessor, texts: Sequence[str]) -> Tensor:
    """K texts -> h_T, float32 (K, D)"""
    batches = []
    for start in range(0, len(texts), BATCH):
        ids, mask = processor.text_batch(texts[start : start + BATCH])
        batches.append(model.encode_text(ids.to(model.device), mask.to(model.device)))
    return torch.cat(batches).float()


@torch.inference_mode()
def encode_suite(
    model: STNetModel, processor: STNetProcessor, suite: Suite, *, workers: int = 0
) -> EncodedSuite:
    """Encode all pictures and queries.

    Args:
        workers: processes that make and prepare the pictures (0: this one does).

    Raises:
        ValueError: if the suite has no query, a sketch has no ink, or only some of its queries have a sketch.
    """
    patches, sketches, objects, queries = [], [], [], []
    for batch in prepared_batches(suite, processor, workers):
        pictures = torch.from_numpy(np.stack([entry.picture for entry in batch]))
        patches.append(model.encode_image(pictures.to(model.device)).float())
        prepared = [sketch for entry in batch for sketch in entry.sketches]
        if prepared:
            sketches.append(encode_sketches(model, prepared))
        objects += [entry.objects for entry in batch]
        queries += [query for entry in batch for query in entry.queries]
    if not queries:
        raise ValueError(f"the suite {suite.name} has no query: nothing to measure")
    words = [query.text for query in queries if query.text is not None]
    texts = encode_texts(model, processor, words) if len(words) == len(queries) else None
    drawn = torch.cat(sketches) if sketches else model.neutral_sketch.expand(len(queries), -1)
    if len(drawn) != len(queries):
        raise ValueError(f"{len(drawn)} of {suite.name}'s {len(queries)} queries have a sketch: all or none")
    return EncodedSuite(
        suite.name,
        suite.complete,
        objects,
        queries,
        patches=torch.cat(patches),
        sketches=drawn,
        texts=texts,
        names=encode_names(model, processor, drawn),
        named_texts=None if texts is None else encode_named_texts(model, processor, drawn, words, texts),
    )


@torch.inference_mode()
def encode_names(model: STNetModel, processor: STNetProcessor, sketches: Tensor) -> Tensor:
    """h_T of drawings without words: h_S (K, D) -> (K, D)"""
    nothing, encode = [""] * len(sketches), partial(encode_texts, model, processor)
    return say_names(model, sketches, nothing, model.neutral_text.expand_as(sketches), encode)


@torch.inference_mode()
def encode_named_texts(
    model: STNetModel, processor: STNetProcessor, sketches: Tensor, words: Sequence[str], texts: Tensor
) -> Tensor:
    """h_T of words beside drawings: h_S (K, D), K texts and their own h_T (K, D) -> (K, D)"""
    return say_names(model, sketches, words, texts, partial(encode_texts, model, processor))


def prepared_batches(suite: Suite, processor: STNetProcessor, workers: int = 0) -> Iterable[list[Prepared]]:
    """The entries of a suite in its order, BATCH at a time, ready for towers; shows its progress.

    Args:
        workers: processes that make and prepare the pictures (0: this one does).

    Raises:
        ValueError: if a sketch has no ink.
    """
    entries = DataLoader(
        _PreparedEntries(suite, processor), batch_size=BATCH, num_workers=workers, collate_fn=list
    )
    return tqdm(entries, desc=suite.name, unit="batch", leave=False)
