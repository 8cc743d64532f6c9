"""Other pictures that answer a query as well: found by its facts, and only by them."""

import numpy as np

from stnet.data.photos import Crop, PhotoObject
from stnet.data.scenes.facts import Fact, facts
from stnet.training.batches.answers import KnownFacts, name_fact
from stnet.training.batches.examples import Example
from tests.training.shapes import example_source


def photo(*objects):
    crop = Crop(np.zeros((8, 8, 3), np.uint8), tuple(PhotoObject(name, box) for name, box in objects))
    names = tuple(name for name, _ in objects)
    count = len(names)
    return Example(
        pixels=crop.pixels,
        coverage=np.zeros((count, 4), np.float32),
        categories=np.zeros(count, np.int64),
        boxes=np.zeros((count, 4), np.float32),
        names=names,
        crop=crop,
    )


LEFT, RIGHT = (0.0, 0.5, 0.3, 0.7), (0.7, 0.5, 1.0, 0.7)
EXAMPLES = [
    photo(("dog", LEFT), ("car", RIGHT)),
    photo(("dog", LEFT)),
    photo(("cat", LEFT), ("dog", RIGHT)),
]


def found(told, asked=(0, 0)):
    answers, described = KnownFacts(EXAMPLES).answers([asked], [told])
    return answers[0].tolist(), described[0].tolist()


def test_the_same_object_with_the_same_facts_answers_too():
    assert found((Fact("position", "left"),)) == ([True, True, False], [True, True, True])
    both = (Fact("position", "left"), Fact("near", "car", "car"))
    assert found(both) == ([True, False, False], [True, False, False])


def test_a_name_is_true_of_every_picture_that_shows_the_thing():
    assert found((name_fact("dog"),)) == ([True, True, True], [True, True, True])
    assert found((name_fact("dog"), Fact("position", "left"))) == ([True, True, False], [True, True, False])


def test_all_facts_must_hold_of_one_object():
    # on the last photo something is on the left and something is right of a cat, but not the same thing
    told = (Fact("position", "left"), Fact("relation", "right", "cat"))
    assert found(told, asked=(1, 0)) == ([False, True, False], [False, True, False])


def test_words_that_no_fact_tells_are_about_one_picture():
    assert found(()) == ([True, False, False], [True, False, False])
    assert found((Fact("colour", "red"),), asked=(2, 1)) == ([False, False, True], [False, False, True])


def test_scenes_are_looked_up_by_their_own_facts():
    source = example_source()
    examples = [source.scene(np.random.default_rng(seed), 32, source.seen) for seed in range(12)]
    asked = [(row, 0) for row in range(12)]
    stated = [tuple(facts(example.scene, 0)[:1]) for example in examples]  # the place alone
    answers, described = KnownFacts(examples).answers(asked, stated)
    places = [example.scene.place for example in examples]
    assert described.tolist() == [[place == other for other in places] for place in places]
    for row, example in enumerate(examples):
        same = [example.names[0] in other.names for other in examples]
        expected = described[row].numpy() & np.array(same)
        assert answers[row].tolist() == expected.tolist()
