"""Suites: fixed by their seeds, each scene for itself, right categories, and written as an image folder."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stnet.data.categories import CategorySplit
from stnet.data.drawings.drawings import Sketcher
from stnet.data.objects import ObjectBank, shapes_bank
from stnet.data.scenes.backdrops import Backdrops
from stnet.data.scenes.facts import matches
from stnet.data.suites import SUITES, SceneSuite, export, scene_suite, suite_objects
from stnet.data.suites.__main__ import main

BANK = shapes_bank()
SPLIT = CategorySplit(seen=BANK.categories[:8], unseen=BANK.categories[8:])


def suite(name: str = "scenes-1k", images: int = 60) -> SceneSuite:
    return scene_suite(name, BANK, Sketcher(), SPLIT, images=images)


@pytest.fixture(scope="module")
def one_k() -> SceneSuite:
    return suite()


def contents(made: SceneSuite, count: int) -> str:
    """What a suite says, without pixels: those may differ by a rounding between versions of Pillow."""
    rows = []
    for query in [made.query(index) for index in range(count)]:
        scene = made.scene(query.image)
        names = [thing.cut_out.name for thing in scene.objects]
        rows.append([scene.place, scene.light, names, query.text, query.wording, query.sketch_source])
    return json.dumps(rows)


def test_a_suite_is_fixed(one_k: SceneSuite) -> None:
    assert contents(one_k, 20) == contents(suite(), 20)
    digest = hashlib.sha256(contents(one_k, 20).encode()).hexdigest()[:16]
    assert digest == "a7264f1cd24989e6", (
        "the suite has changed: results with it can't be compared with earlier ones"
    )


def test_scenes_are_independent_of_each_other_and_of_the_size_of_the_suite(one_k: SceneSuite) -> None:
    alone = suite(images=41).query(40)
    with_others = one_k.queries[40]
    assert (alone.text, alone.box, alone.facts) == (with_others.text, with_others.box, with_others.facts)
    assert np.array_equal(alone.sketch, with_others.sketch)
    assert np.array_equal(one_k.scene(3).image, suite(images=4).scene(3).image)


def test_queries_are_true_and_point_at_their_target(one_k: SceneSuite) -> None:
    assert len(one_k) == one_k.size == len(one_k.queries) == 60
    for index, query in enumerate(one_k.queries):
        scene = one_k.scene(query.image)
        target = scene.objects[query.target]
        assert query.image == index
        assert (query.category, query.box) == (target.category, target.box)
        assert query.facts and all(matches(fact, scene, query.target) for fact in query.facts)
        assert query.sketch.shape == (128, 128) and query.sketch.dtype == np.uint8
        assert query.sketch.max() == 255 and np.mean(query.sketch == 0) > 0.5
        assert query.sketch_source == "traced"


def test_a_fifth_of_the_queries_use_held_out_wording() -> None:
    flags = [query.wording for query in suite(images=200).queries]
    assert set(flags) == {"training", "held-out"}
    assert 0.1 < np.mean([flag == "held-out" for flag in flags]) < 0.3


class HandDrawings:
    """Stands in for human drawings: it has every category, and takes random numbers of its own."""

    def has(self, category: str, *, held_out: bool) -> bool:
        assert held_out
        return category in SPLIT.names

    def sample(self, category, rng, *, held_out, variation, careless):
        assert held_out
        return rng.integers(0, 2, (128, 128), dtype=np.uint8) * 255


def test_texts_do_not_depend_on_whether_drawings_are_at_hand(one_k: SceneSuite) -> None:
    drawn = scene_suite("scenes-1k", BANK, Sketcher(HandDrawings()), SPLIT, images=60)
    assert [query.text for query in drawn.queries] == [query.text for query in one_k.queries]
    sources = [query.sketch_source for query in drawn.queries]
    assert 0.3 < np.mean([source == "human" for source in sources]) < 0.7


def test_open_scenes_ask_for_unseen_categories_among_seen_ones() -> None:
    made = suite("scenes-open", 30)
    for query in made.queries:
        scene = made.scene(query.image)
        assert query.category in SPLIT.unseen
        assert {thing.category for thing in scene.objects} <= {query.category, *SPLIT.seen}


def test_the_sizes_are_those_of_the_benchmark() -> None:
    sizes = {}
    for name in SUITES:
        made = scene_suite(name, BANK, Sketcher(), SPLIT)
        sizes[name] = (made.size, made.query_count)
    assert sizes == {
        "scenes-1k": (1000, 1000),
        "scenes-5k": (5000, 4000),
        "scenes-open": (1000, 1000),
        "shapes": (300, 300),
        "gallery": (1000, 0),
    }


def test_the_shapes_need_no_bank_and_the_others_say_how_to_make_one(tmp_path: Path) -> None:
    bank, split = suite_objects("shapes", tmp_path)
    assert set(split.seen) == set(bank.categories) and not split.unseen
    assert scene_suite("shapes", bank, Sketcher(), split, images=3).query(2).category in split.seen
    with pytest.raises(FileNotFoundError, match=r"python -m stnet\.data\.objects"):
        suite_objects("scenes-1k", tmp_path)


def test_only_reserved_cut_outs_are_shown(one_k: SceneSuite) -> None:
    for index in range(20):
        for thing in one_k.scene(index).objects:
            assert thing.cut_out in BANK.cut_outs(thing.category, held_out=True)


def test_what_cannot_be_made_is_refused(one_k: SceneSuite) -> None:
    with pytest.raises(ValueError, match="unknown suite 'scenes-2k'; expected one of scenes-1k"):
        scene_suite("scenes-2k", BANK, Sketcher(), SPLIT)
    with pytest.raises(ValueError, match="one image or more"):
        scene_suite("gallery", BANK, Sketcher(), SPLIT, images=0)
    few = ObjectBank([cut for cut in BANK if cut.category != "ring"])
    with pytest.raises(ValueError, match="1 categories that the bank lacks: ring"):
        scene_suite("gallery", few, Sketcher(), SPLIT)
    with pytest.raises(IndexError, match=r"scenes 0\.\.59"):
        one_k.scene(60)
    with pytest.raises(IndexError, match="no query 60"):
        one_k.query(60)


@pytest.mark.parametrize("file_type", ["webp", "png"])
def test_a_suite_is_written_as_an_image_folder(tmp_path: Path, file_type: str) -> None:
    notice = tmp_path / "NOTICE.txt"
    notice.write_text("by somebody")
    out = tmp_path / "out"
    made = suite("gallery", 3)
    export(made, out, size=48, file_type=file_type, notice=notice)
    rows = [json.loads(line) for line in (out / "metadata.jsonl").read_text().splitlines()]
    assert [row["file_name"] for row in rows] == [f"{index:05d}.{file_type}" for index in range(3)]
    for index, row in enumerate(rows):
        scene = made.scene(index)
        with Image.open(out / row["file_name"]) as picture:
            assert picture.size == (48, 48)
            difference = np.asarray(picture.convert("RGB")).astype(int) - made.scene(index, 48).image
            assert np.abs(difference).mean() < 6
        assert (row["place"], row["light"]) == (scene.place, scene.light)
        assert row["objects"]["category"] == [thing.category for thing in scene.objects]
        assert np.allclose(row["objects"]["box"], [thing.box for thing in scene.objects], atol=1e-4)
    assert (out / "NOTICE.txt").read_text() == "by somebody"


def test_the_command_line_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bank", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith("error: no object bank in")


def test_only_the_gallery_takes_photographs_for_places(tmp_path: Path) -> None:
    photo = "mate-nature-greenmeadow.jpg"
    Image.new("RGB", (60, 40), "green").save(tmp_path / photo)
    credit = {"title": "Grass", "author": "Ann", "licence": "GPL-2+"}
    line = {"file_name": photo, "source": "a package"} | credit
    (tmp_path / "metadata.jsonl").write_text(json.dumps(line))
    backdrops = Backdrops(tmp_path)
    with pytest.raises(ValueError, match="scenes-1k is measured on painted places"):
        scene_suite("scenes-1k", BANK, Sketcher(), SPLIT, images=2, backdrops=backdrops)
    made = scene_suite("gallery", BANK, Sketcher(), SPLIT, images=6, backdrops=backdrops)
    export(made, tmp_path / "out", size=32)
    rows = [json.loads(line) for line in (tmp_path / "out/metadata.jsonl").read_text().splitlines()]
    behind = [row for row in rows if "background" in row]
    assert {row["place"] for row in behind} == {"meadow"}
    assert behind[0]["background"] == credit
    assert "| Grass | Ann | GPL-2+ | a package |" in (tmp_path / "out/CREDITS.md").read_text()
    assert all((row["author"], row["licence"]) == ("Tux Paint", "GPL-2") for row in rows)
