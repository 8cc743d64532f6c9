"""Words alone about whole pictures: whose they are, and which other pictures they are true of."""

from dataclasses import replace

import numpy as np

from stnet.data.photos import Crop
from stnet.training.batches.captions import captions_of
from tests.training.shapes import example_source, tiny_model

NOTHING = np.zeros((0, 0, 3), np.uint8)


def examples():
    source = example_source()
    rng = np.random.default_rng(0)
    made = [
        replace(source.scene(rng, 64, source.seen), scene=None, names=names)
        for names in (("cat",), ("cat", "cup"), ())
    ]
    crops = [None, Crop(NOTHING, (), ("a small cup",)), Crop(NOTHING, (), ("left of it",), mirrored=True)]
    return [replace(example, crop=crop) for example, crop in zip(made, crops, strict=True)]


def test_a_caption_is_its_pictures_and_a_name_is_everybodys():
    _, processor = tiny_model()
    batch = captions_of(examples(), processor, np.random.default_rng(0))
    texts = [processor.tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in batch.input_ids]
    assert batch.answers.shape == (len(texts), 3) and texts[0] == "a small cup"
    assert batch.answers[0].tolist() == [False, True, False]
    assert len(texts) == 3  # the mirrored picture's caption tells of sides; half of three pictures: two names
    for text, answers in zip(texts[1:], batch.answers[1:].tolist(), strict=True):
        assert answers == ([True, True, False] if "cat" in text else [False, True, False])


def test_a_label_is_said_before_the_names_of_boxes():
    _, processor = tiny_model()
    labelled = [replace(example, labels=("red cube",), crop=None) for example in examples()[:1]]
    batch = captions_of(labelled, processor, np.random.default_rng(1))
    assert "red cube" in processor.tokenizer.decode(batch.input_ids[0]) and batch.answers.tolist() == [[True]]
