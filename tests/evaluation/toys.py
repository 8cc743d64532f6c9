"""Suites made by hand: pictures of one colour with one or two objects."""

import numpy as np

from stnet.data.scenes.facts import Fact
from stnet.evaluation.suites.base import Entry, KnownObject, SuiteQuery

LEFT, RIGHT = (0.0, 0.25, 0.5, 0.75), (0.5, 0.25, 1.0, 0.75)
BEACH, NIGHT, RED = Fact("place", "beach"), Fact("light", "night"), Fact("colour", "red")


def ink(seed=0):
    """A drawing of a few thick lines, (64, 64) uint8, ink high."""
    random = np.random.default_rng(seed)
    canvas = np.zeros((64, 64), np.uint8)
    for row in random.integers(5, 55, 3):
        canvas[row : row + 4, 8:56] = 255
    canvas[8:56, int(random.integers(5, 55)) :][:, :4] = 255
    return canvas


class ToySuite:
    """Picture i shows a circle on the left, every second one a square on the right; some are asked for."""

    name = "toy"

    def __init__(self, size=12, queries=8, *, words=True, complete=True):
        self.size, self.asked, self.words, self.complete = size, queries, words, complete
        self.entries_made = 0

    def __len__(self):
        return self.size

    def entry(self, index):
        self.entries_made += 1
        pixels = np.random.default_rng(index).integers(0, 256, (48, 64, 3), dtype=np.uint8)
        objects = [KnownObject("circle", LEFT, frozenset({BEACH, NIGHT} if index % 3 else {BEACH}))]
        if index % 2:
            objects.append(KnownObject("square", RIGHT, frozenset({BEACH, RED})))
        queries = (self._query(index, objects[-1]),) if index < self.asked else ()
        return Entry(pixels, tuple(objects), queries)

    def _query(self, index, target):
        return SuiteQuery(
            image=index,
            category=target.category,
            boxes=(target.box,),
            sketch=ink(index),
            text=f"a red one on the beach {index}" if self.words else None,
            facts=tuple(sorted(target.facts, key=str)),
            groups=("human sketches" if index % 2 else "traced sketches", "training wording"),
            strokes=[np.array([[0, 0], [60, 0], [60, 60], [0, 60 - index]], np.float32)]
            if index % 2
            else None,
        )
