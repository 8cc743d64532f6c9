"""Texts: true, varied, never naming the object, and with wording that is kept from training."""

import re

import numpy as np
import pytest

from stnet.data.categories import CategorySplit, load_split
from stnet.data.objects import CutOut, ObjectBank
from stnet.data.scenes.composing import Scene, compose
from stnet.data.scenes.facts import RELATIONS, Fact, matches
from stnet.data.scenes.places import LIGHTS, PLACES
from stnet.data.words import phrases, place_phrases
from stnet.data.words.phrases import Wordings
from stnet.data.words.wording import corpus, describe, describe_with_facts, phrase

TABLES = [
    place_phrases.PLACES,
    phrases.LIGHTS,
    phrases.POSITIONS,
    phrases.SIZES,
    phrases.COLOURS,
    phrases.COUNTS,
    phrases.CROWDS,
    phrases.RANKS,
    phrases.RELATIONS,
]
WORDINGS = [wordings for table in TABLES for wordings in table.values()]
WORDINGS += [phrases.NEAR, phrases.FORMS, phrases.SEPARATORS]


def ovals(categories: tuple[str, ...]) -> ObjectBank:
    """Every category as an oval of some colour: enough to be placed and described."""
    y, x = np.mgrid[:40, :32]
    inside = 255 * (((x - 15.5) / 16) ** 2 + ((y - 19.5) / 20) ** 2 <= 1)
    palette = [(205, 30, 30), (40, 80, 200), (40, 150, 60), (245, 150, 20), (240, 240, 240), (120, 75, 40)]
    cut_outs = []
    for number, category in enumerate(categories):
        pixels = np.zeros((40, 32, 4), np.uint8)
        pixels[..., :3], pixels[..., 3] = palette[number % len(palette)], inside
        cut_outs.append(CutOut(f"test/{category}", category, pixels))
    return ObjectBank(cut_outs)


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    """Three scenes for every category of the committed split, which is the first object there."""
    names = load_split().names
    bank = ovals(names)
    return [
        compose(bank, np.random.default_rng([number, seed]), categories=names, targets=[name])
        for number, name in enumerate(names)
        for seed in range(3)
    ]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_no_text_names_its_object_or_uses_a_word_of_its_name(scenes: list[Scene]) -> None:
    rng = np.random.default_rng(0)
    for scene in scenes:
        own = {word for word in words(scene.objects[0].category) if word not in {"o", "of"}}
        own |= {word.removesuffix("s") for word in own} | {word + "s" for word in own}
        own |= {word.removesuffix("ies") + "y" for word in own if word.endswith("ies")}
        for held_out in (False, False, True, True):
            text = describe(scene, 0, rng, held_out=held_out)
            assert not own & set(words(text)), f"{scene.objects[0].category}: {text}"


def test_everything_stated_is_true(scenes: list[Scene]) -> None:
    rng = np.random.default_rng(1)
    for scene in scenes:
        text, stated = describe_with_facts(scene, 0, rng)
        assert 1 <= len(stated) <= 4 and len(set(stated)) == len(stated)
        assert all(matches(fact, scene, 0) for fact in stated), text
        for fact in stated:
            if fact.other:
                assert fact.other in text.lower()


def test_any_object_can_be_described(scenes: list[Scene]) -> None:
    rng = np.random.default_rng(2)
    for scene in scenes[::10]:
        for target in range(len(scene.objects)):
            _, stated = describe_with_facts(scene, target, rng)
            assert all(matches(fact, scene, target) for fact in stated)


def test_texts_are_varied_and_say_where(scenes: list[Scene]) -> None:
    rng = np.random.default_rng(3)
    described = [describe_with_facts(scene, 0, rng) for scene in scenes]
    texts = [text for text, _ in described]
    assert len(set(texts)) > 0.97 * len(texts)
    share = np.mean([any(fact.kind == "place" for fact in stated) for _, stated in described])
    assert 0.5 < share < 0.75
    related = np.mean([any(fact.other for fact in stated) for _, stated in described])
    assert related > 0.5
    lengths = [len(words(text)) for text in texts]
    assert max(lengths) <= 40 and min(lengths) >= 1


def test_no_slot_is_left_and_punctuation_is_tidy(scenes: list[Scene]) -> None:
    rng = np.random.default_rng(4)
    for number, scene in enumerate(scenes):
        text = describe(scene, 0, rng, held_out=bool(number % 2))
        assert text == text.strip() and "  " not in text
        assert not re.search(r"[{}]| [.,?;]|,\s*,|\.\.", text), text
        assert not re.search(r"\ba [aeio]", text.lower()), text


def test_every_place_light_and_relation_can_be_said() -> None:
    assert set(place_phrases.PLACES) == set(PLACES)
    assert set(phrases.LIGHTS) == set(LIGHTS)
    assert set(phrases.RELATIONS) == set(RELATIONS)
    for wordings in WORDINGS:
        assert len(wordings.training) >= 2 and len(wordings.held_out) >= 1


def test_held_out_wording_is_in_no_training_wording() -> None:
    for wordings in WORDINGS:
        assert not set(wordings.training) & set(wordings.held_out)


def pattern(form: str) -> re.Pattern[str]:
    """A form as a pattern: its fixed words, anything in its slots."""
    parts = [re.escape(part.lower().strip()) for part in re.split(r"\{\w+\}", form)]
    return re.compile(r"\b" + r".*\b".join(part for part in parts if part.strip("\\.?, ")), re.DOTALL)


def test_training_texts_never_use_held_out_wording() -> None:
    """Each fact alone, many times: its held-out phrases and forms appear only when asked for."""
    rng = np.random.default_rng(5)
    for table, kind in zip(
        TABLES,
        ["place", "light", "position", "size", "colour", "count", "crowd", "rank", "relation"],
        strict=True,
    ):
        for value, wordings in table.items():
            fact = Fact(kind, value, "drum" if kind == "relation" else "")
            trained = [phrase([fact], rng).lower() for _ in range(20)]
            kept = [phrase([fact], rng, held_out=True).lower() for _ in range(40)]
            assert not any(uses(text, wordings) for text in trained), trained
            assert any(uses(text, wordings) for text in kept), wordings


def uses(text: str, wordings: Wordings) -> bool:
    """Whether `text` has a held-out phrase that is no part of one that training uses."""
    without = re.sub(r"\b(the|a) drum\b", "{other}", text)
    rare = [p for p in wordings.held_out if not any(p in trained for trained in wordings.training)]
    longest = max((t for t in (*wordings.training, *wordings.held_out) if t in without), key=len, default="")
    return longest in rare


def test_held_out_texts_use_other_forms() -> None:
    fact = Fact("place", "beach")
    rng = np.random.default_rng(6)
    forms = [pattern(form) for form in phrases.FORMS.held_out]
    trained = [phrase([fact], rng).lower() for _ in range(300)]
    kept = [phrase([fact], rng, held_out=True).lower() for _ in range(300)]
    assert not any(form.match(text) for form in forms for text in trained)
    assert all(any(form.match(text) for form in forms) for text in kept)


def test_words_that_must_not_be_said_are_avoided() -> None:
    rng = np.random.default_rng(7)
    fact = Fact("place", "beach")
    for _ in range(200):
        text = phrase([fact], rng, unspoken={"beach", "sand", "find", "picture"})
        assert not {"beach", "sand", "find", "picture"} & set(words(text))
    with pytest.raises(ValueError, match="without the words"):
        phrase([Fact("colour", "orange")], rng, unspoken={"orange"})
    with pytest.raises(ValueError, match="one fact or more"):
        phrase([], rng)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("owl", {"the owl", "an owl"}),
        ("drum", {"the drum", "a drum"}),
        ("scissors", {"the scissors", "a pair of scissors"}),
        ("cherries", {"the cherries", "some cherries"}),
        ("hippopotamus", {"the hippopotamus", "a hippopotamus"}),
    ],
)
def test_other_objects_have_the_right_article(category: str, expected: set[str]) -> None:
    rng = np.random.default_rng(8)
    texts = [phrase([Fact("relation", "next", category)], rng).lower() for _ in range(60)]
    found = {match for text in texts for match in re.findall(rf"(?:the|an?|some|a pair of) {category}", text)}
    assert found == expected


def test_two_things_nearby_are_named_together() -> None:
    rng = np.random.default_rng(9)
    text = phrase([Fact("near", "teapot", "teapot"), Fact("near", "owl", "owl")], rng)
    assert "a teapot and an owl" in text.lower()


def test_the_corpus_says_every_kind_of_thing() -> None:
    split = CategorySplit(seen=("drum", "owl"))
    texts = list(corpus(split, np.random.default_rng(10), 400))
    together = " ".join(texts).lower()
    assert len(texts) == 400 and len(set(texts)) > 350
    for word in ("drum", "owl", "beach", "night", "behind", "red", "small", "corner"):
        assert word in together
