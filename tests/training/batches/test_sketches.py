"""Sketches for training: what is drawn how often, and under which class."""

import numpy as np
import pytest

from stnet.data.drawings.drawings import Drawings
from stnet.training.batches.sketches import ANYTHING, PHOTOGRAPHED, SketchSource
from tests.training.shapes import BANK, SPLIT, tiny_model


def test_what_else_people_draw_has_classes_of_its_own_and_unseen_things_never_come(tmp_path):
    line = [np.array([[0, 0], [9, 9]], np.float32)]
    named = {"lightning": line, "old clock": line, "gate": line}
    drawings = Drawings({(name, "strokes", False): [strokes] for name, strokes in named.items()}, mapping={})
    split = type(SPLIT)(SPLIT.seen, SPLIT.unseen, drawings={SPLIT.unseen[0]: ("gate",)})
    _, processor = tiny_model()
    categories = [*SPLIT.seen, "old clock"]  # the last one from photos
    source = SketchSource(BANK, drawings, split, processor, categories, 256)
    assert source.anything == ["lightning", "old clock"] and source.extra == 1
    labels = source.make(np.random.default_rng(0)).category
    counts = labels.bincount(minlength=len(categories) + 2) / len(labels)
    seen, clock, nothing, lightning = counts[:-3].sum(), *counts[-3:]
    assert nothing == 0 and seen == pytest.approx(1 - ANYTHING, abs=0.1)
    assert clock == pytest.approx(PHOTOGRAPHED + (ANYTHING - PHOTOGRAPHED) / 2, abs=0.1)
    assert lightning == pytest.approx((ANYTHING - PHOTOGRAPHED) / 2, abs=0.1)
