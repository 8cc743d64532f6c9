import collections
import json
from pathlib import Path

import pytest

from stnet.data import categories
from stnet.data.categories import CategorySplit, load_split

SPLIT_FILE = Path(categories.__file__).with_name("categories.json")


def entries() -> dict[str, dict[str, list[str]]]:
    groups = json.loads(SPLIT_FILE.read_text(encoding="utf-8"))
    return groups["seen"] | groups["unseen"]


def test_the_split_has_enough_seen_categories_and_24_unseen():
    split = load_split()
    assert len(split.seen) >= 110
    assert len(split.unseen) == 24
    assert not set(split.seen) & set(split.unseen)


def test_class_ids_are_places_in_the_fixed_order():
    split = load_split()
    assert split.names == split.seen + split.unseen
    assert [split.index(name) for name in split.names] == list(range(len(split.names)))
    assert split.seen == tuple(sorted(split.seen))
    assert split.unseen == tuple(sorted(split.unseen))
    with pytest.raises(ValueError, match="no category 'unicorn'"):
        split.index("unicorn")


def test_half_of_the_categories_have_human_drawings():
    split = load_split()
    assert set(split.drawings) <= set(split.names)
    assert 2 * len(split.drawings) >= len(split.names)
    assert 10 <= len(set(split.drawings) & set(split.unseen)) <= 14


def test_no_drawing_category_shows_two_object_categories():
    drawn = collections.Counter(name for names in load_split().drawings.values() for name in names)
    assert [name for name, count in drawn.items() if count > 1] == []


def test_each_cut_out_belongs_to_one_category():
    listed = [name for entry in entries().values() for name in entry["cut_outs"]]
    assert len(listed) == len(set(listed)) == len(load_split().merges)
    assert set(load_split().merges.values()) == set(load_split().names)


def test_a_third_of_large_categories_is_held_out_and_never_all():
    split = load_split()
    for category, entry in entries().items():
        assert set(entry["held_out"]) < set(entry["cut_outs"]), category
        if category in split.seen and len(entry["cut_outs"]) >= 3:
            share = len(entry["held_out"]) / len(entry["cut_outs"])
            assert 0.2 <= share <= 0.45, category
    assert split.held_out == {name for entry in entries().values() for name in entry["held_out"]}


def test_left_out_folders_stay_out():
    left_out = {
        "symbols",
        "flags",
        "cartoon",
        "roadsigns",
        "planets",
        "moon",
        "hanukkah",
        "newyears",
        "alphabets",
    }
    assert [name for name in load_split().merges if left_out & set(name.split("/")[:-1])] == []


def test_a_category_cannot_be_seen_and_unseen():
    with pytest.raises(ValueError, match="appear again: star"):
        CategorySplit(seen=("circle", "star"), unseen=("star",))
