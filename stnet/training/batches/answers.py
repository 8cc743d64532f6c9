"""Which other pictures of a batch a query's words are true of: they must not count as wrong answers."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from stnet.data.scenes.facts import Fact, facts
from stnet.data.words.photo_facts import photo_facts
from stnet.training.batches.examples import Example


def name_fact(name: str) -> Fact:
    """What words state that name the thing; no text but the training's is made of it."""
    return Fact("name", name)


class KnownFacts:
    """What is known of every object of a batch's examples: from the scene, or from the photo's boxes."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples
        self._true_of: dict[Fact, set[tuple[int, int]]] = {}
        for row, example in enumerate(examples):
            for number in range(len(example.names)):
                for fact in _facts(example, number):
                    self._true_of.setdefault(fact, set()).add((row, number))

    def answers(
        self, asked: Sequence[tuple[int, int]], stated: Sequence[tuple[Fact, ...]]
    ) -> tuple[Tensor, Tensor]:
        """The pictures that answer the queries, beside those that were asked for.

        Args:
            asked: picture and object of every query.
            stated: the facts that its words state; none for words that no fact tells, or for no words.

        Returns:
            `answers` and `described` of QueryBatch, each (Q, B) bool.
        """
        answers = np.zeros((len(asked), len(self.examples)), bool)
        described = np.zeros_like(answers)
        for query, ((row, number), told) in enumerate(zip(asked, stated, strict=True)):
            answers[query, row] = described[query, row] = True
            if not told:
                continue
            name = self.examples[row].names[number]
            for other, thing in set.intersection(*(self._true_of.get(fact, set()) for fact in told)):
                described[query, other] = True
                answers[query, other] |= self.examples[other].names[thing] == name
        return torch.from_numpy(answers), torch.from_numpy(described)


def _facts(example: Example, number: int) -> list[Fact]:
    known = [name_fact(example.names[number])]
    if example.scene is not None:
        return known + facts(example.scene, number)
    assert example.crop is not None
    if number >= len(example.crop.objects):
        return known  # only a label says that it is there
    return known + photo_facts(example.crop.objects, number)
