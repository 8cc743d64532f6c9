"""Texts about one object on a photo's crop: from people's captions or from the boxes, never naming it."""

import numpy as np

from stnet.data.photos import Crop
from stnet.data.scenes.facts import Fact
from stnet.data.words.captions import mentions_sides, text_without_name
from stnet.data.words.photo_facts import describe_boxes

CAPTION_CHANCE = 0.5
WHOLE_ENOUGH = 0.7  # a caption may tell of what a smaller crop has lost


def describe_crop(crop: Crop, target: int, rng: np.random.Generator) -> tuple[str, tuple[Fact, ...]]:
    """English about crop.objects[target], and the facts that it states: none where people wrote it.

    "" where neither its captions nor its boxes give any.
    """
    captions = caption_texts(crop, target)
    if captions and rng.random() < CAPTION_CHANCE:
        return captions[int(rng.integers(len(captions)))], ()
    return describe_boxes(crop.objects, target, rng)


def caption_texts(crop: Crop, target: int) -> list[str]:
    """The captions that are still true of the crop, without the name of crop.objects[target].

    None about what was pasted: who wrote them didn't see it.
    """
    if crop.share < WHOLE_ENOUGH or (crop.pasted and target == 0):
        return []
    true = [text for text in crop.captions if not (crop.mirrored and mentions_sides(text))]
    texts = [text_without_name(text, crop.objects[target].category) for text in true]
    return [text for text in texts if text is not None]
