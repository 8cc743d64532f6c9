"""The descriptions: one for every name that can be drawn, none of which gives its name away."""

import json
import re
from pathlib import Path

from stnet.data.categories import load_split
from stnet.systems.descriptions import descriptions

ROOT = Path(__file__).resolve().parents[2]


def test_every_name_that_the_shipped_head_or_a_suite_knows_is_described():
    named = json.loads((ROOT / "assets/checkpoint/config.json").read_text())["drawn_names"]
    drawn = {name for names in load_split().drawings.values() for name in names}
    assert {*named, *drawn} - descriptions().keys() == set()


def test_no_description_says_a_word_of_its_name():
    for name, text in descriptions().items():
        own = {word.removesuffix("s") for word in re.findall("[a-z]+", name)} - {"of", "t"}
        said = {word.removesuffix("s") for word in re.findall("[a-z]+", text.lower())}
        assert own & said == set(), name


def test_descriptions_are_short_phrases_that_go_before_other_words():
    for name, text in descriptions().items():
        assert 3 <= len(text.split()) <= 14, name
        assert text == text.strip() and text[0].islower() and not re.search(r"[.;:!?]", text), name
