"""Captions as people write them, with the name taken out or refused."""

import pytest

from stnet.data.words.captions import mentions_sides, text_without_name


@pytest.mark.parametrize(
    ("caption", "category", "expected"),
    [
        ("A brown dog sitting on the grass.", "dog", "a brown one sitting on the grass"),
        ("A dog is sitting on the grass", "dog", "something is sitting on the grass"),
        ("Two dogs running along a beach.", "dog", "two things running along a beach"),
        ("Brown puppies in a basket", "dog", "brown things in a basket"),
        ("A girl talks on her cell phone, outside.", "cell phone", "a girl talks on something, outside"),
        ("A man on a soccer field kicks a ball.", "sheep", "a man on a soccer field kicks a ball"),
        ("Dog looking at a cat next to plants.", "dog", "something looking at a cat next to plants"),
        ("A parked bus with two cars behind it", "bus", "a parked one with two cars behind it"),
        ("A TRAIN is near a Sofa", "couch", "a train is near something"),
        ("A street with a traffic light at night.", "traffic light", "a street with something at night"),
        ("The mice are under the table", "dining table", "the mice are under something"),
        ("Many types of fruit on a street", "apple", "many types of something on a street"),
    ],
)
def test_the_name_is_replaced(caption: str, category: str, expected: str) -> None:
    assert text_without_name(caption, category) == expected


@pytest.mark.parametrize(
    ("caption", "category"),
    [
        ("A dog house in a garden", "dog"),  # not a dog: the name isn't the head of its phrase
        ("The train station is full", "train"),
        ("A man rides past a dog's bowl in the park", "dog"),
        ("A bottle of beer on a shelf", "bottle"),  # what is left would give it away
        ("A motorcyclist on the road at night", "motorcycle"),
        ("A woman surfing a large wave", "surfboard"),
        ("a dog", "dog"),  # nothing is left
        ("", "dog"),
    ],
)
def test_what_would_name_it_or_be_no_english_is_refused(caption: str, category: str) -> None:
    assert text_without_name(caption, category) is None


def test_captions_that_a_mirror_makes_wrong() -> None:
    assert mentions_sides("a dog to the Left of a car")
    assert not mentions_sides("a bright, leftover meal")
