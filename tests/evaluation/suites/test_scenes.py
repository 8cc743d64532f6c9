"""Scene suites as the measurement sees them: true facts, one composition a scene, fair groups."""

import numpy as np
import pytest

from stnet.data.categories import CategorySplit
from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.objects import shapes_bank
from stnet.data.suites import SceneSuite, scene_suite
from stnet.evaluation.oracle import Oracle
from stnet.evaluation.suites.scenes import SceneEntries

BANK = shapes_bank()
SPLIT = CategorySplit(seen=BANK.categories[:8], unseen=BANK.categories[8:])
STROKE = [np.array([[0, 0], [90, 0], [90, 90]], np.float32)]


@pytest.fixture(scope="module")
def drawn():
    """Drawings of half of the categories, and the suite that uses them."""
    names = SPLIT.seen[:4]
    drawings = Drawings({(name, "strokes", True): [STROKE] for name in names}, {n: (n,) for n in names})
    suite = scene_suite("scenes-1k", BANK, Sketcher(drawings), SPLIT, images=40)
    return names, SceneEntries(suite, drawings=drawings, complete=False), suite


def test_entries_are_the_suites_scenes_and_queries(drawn):
    _, entries, suite = drawn
    assert (len(entries), entries.name, entries.complete) == (40, "scenes-1k", False)
    entry, scene, query = entries.entry(7), suite.scene(7), suite.query(7)
    assert np.array_equal(entry.pixels, scene.image)
    assert [thing.box for thing in entry.objects] == [thing.box for thing in scene.objects]
    (asked,) = entry.queries
    assert (asked.image, asked.category, asked.boxes) == (7, query.category, (query.box,))
    assert (asked.text, asked.facts) == (query.text, query.facts)
    assert np.array_equal(asked.sketch, query.sketch)


def test_larger_pictures_show_and_ask_the_same(drawn):
    _, entries, suite = drawn
    larger = SceneEntries(suite, side=192)
    for row in (3, 7):
        one, other = entries.entry(row), larger.entry(row)
        assert (one.pixels.shape, other.pixels.shape) == ((128, 128, 3), (192, 192, 3))
        assert one.objects == other.objects
        for query, asked in zip(one.queries, other.queries, strict=True):
            assert (query.text, query.boxes, query.facts) == (asked.text, asked.boxes, asked.facts)
            assert np.array_equal(query.sketch, asked.sketch)
    with pytest.raises(ValueError, match="128 pixels a side or more, got 96"):
        SceneEntries(suite, side=96)


def test_what_is_said_is_known_to_be_true(drawn):
    _, entries, _ = drawn
    found = [entries.entry(row) for row in range(len(entries))]
    for entry in found:
        (query,) = entry.queries
        assert set(query.facts) <= entry.objects[0].facts
    oracle, queries = Oracle([entry.objects for entry in found]), [entry.queries[0] for entry in found]
    both, sketch, text = (oracle.tied(queries, name) for name in ("sketch+text", "sketch", "text"))
    assert (both <= np.minimum(sketch, text)).all() and both.mean() < sketch.mean()


def test_people_and_traces_are_compared_where_there_are_both(drawn):
    names, entries, _ = drawn
    for row in range(len(entries)):
        (query,) = entries.entry(row).queries
        human = "human sketches" in query.groups
        fair = [group for group in query.groups if group.endswith(", categories with human drawings")]
        assert bool(fair) == (query.category in names)
        assert not human or fair == ["human sketches, categories with human drawings"]
        assert (query.strokes is None) == human  # only a trace's lines are known before hands vary them


def test_a_scene_is_composed_once(drawn, monkeypatch):
    _, entries, _ = drawn
    made = []
    compose_scene = SceneSuite.scene
    monkeypatch.setattr(SceneSuite, "scene", lambda *a, **k: made.append(a[1]) or compose_scene(*a, **k))
    entries.entry(3)
    assert made == [3]


def test_distractors_have_no_query(drawn):
    suite = scene_suite("gallery", BANK, Sketcher(), SPLIT, images=2)
    assert SceneEntries(suite).entry(1).queries == ()
