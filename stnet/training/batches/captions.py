"""Words alone about whole pictures: what people wrote about them, and the names of what is there."""

from collections.abc import Sequence

import numpy as np
import torch

from stnet.data.words.captions import mentions_sides
from stnet.data.words.named import named
from stnet.data.words.photo_texts import WHOLE_ENOUGH
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import CaptionBatch
from stnet.training.batches.examples import Example

NAMES = 0.5  # names a picture of the batch


def captions_of(
    examples: Sequence[Example], processor: STNetProcessor, rng: np.random.Generator
) -> CaptionBatch:
    """One caption of every picture that has some, and as many names as NAMES says.

    A caption is taken to be true of its picture alone, a name of all pictures that show such a thing.
    """
    known = [{*example.names, *example.labels} for example in examples]
    texts, answers = [], []
    for row, example in enumerate(examples):
        captions = _captions(example)
        if captions:
            texts.append(captions[int(rng.integers(len(captions)))])
            answers.append([other == row for other in range(len(examples))])
    nameable = [row for row in rng.permutation(len(examples)) if known[row]]
    for row in nameable[: max(1, round(NAMES * len(examples)))]:
        names = sorted(examples[row].labels or known[row])
        name = names[int(rng.integers(len(names)))]
        texts.append(named(name, "", rng))
        answers.append([name in there for there in known])
    ids, mask = processor.text_batch(texts)
    return CaptionBatch(ids, mask, torch.tensor(answers))


def _captions(example: Example) -> list[str]:
    """The captions that are still true of the crop."""
    crop = example.crop
    if crop is None or crop.pasted or crop.share < WHOLE_ENOUGH:
        return []
    return [text for text in crop.captions if not (crop.mirrored and mentions_sides(text))]
