import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from stnet.data.drawings.drawings import (
    Drawings,
    Sketcher,
    find_drawings,
    held_out_strokes,
    is_held_out,
    vary_drawing,
)
from stnet.data.drawings.sketches import sketch_strokes
from stnet.data.objects import shapes_bank

MAPPING = {"circle": ("ring", "sun"), "star": ("star",), "square": ("box",)}


def line_of(named: str, number: int, **changes) -> str:
    """A horizontal stroke for even numbers, a vertical one for odd numbers."""
    along, across = [0, 100, 255], [10 + number % 50] * 3
    stroke = [along, across] if number % 2 == 0 else [across, along]
    return json.dumps({"category": named, "id": f"{named}-{number}", "strokes": [stroke]} | changes)


def write_folder(folder: Path, *, count: int = 60) -> Path:
    lines = [line_of(category, number) for category in ("ring", "star") for number in range(count)]
    (folder / "strokes.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    raw = [
        json.dumps(
            {"word": "sun", "key_id": str(number), "drawing": [[[0, number, 9], [0, 3, 9], [0, 1, 2]]]}
        )
        for number in range(count)
    ]
    with gzip.open(folder / "sun.ndjson.gz", "wt", encoding="utf-8") as compressed:
        compressed.write("\n".join(raw))
    images = np.zeros((count, 128, 128), np.uint8)
    for number in range(count):
        images[number, 30 : 90 + number % 30, 40:44] = 255
    np.savez(folder / "bitmaps.npz", images=images, category=np.array(["box"] * count))
    return folder


@pytest.fixture(scope="module")
def drawings(tmp_path_factory) -> Drawings:
    return Drawings.load(write_folder(tmp_path_factory.mktemp("drawings")), MAPPING)


def test_all_kinds_of_files_are_read(drawings):
    rng = np.random.default_rng(0)
    for category in MAPPING:
        assert drawings.has(category)
        for held_out in (False, True):
            assert drawings.has(category, held_out=held_out)
            for _ in range(20):
                ink = drawings.sample(category, rng, held_out=held_out)
                assert ink.shape == (128, 128)
                assert ink.dtype == np.uint8
                assert ink.max() > 95
    assert not drawings.has("triangle")
    assert drawings.has_named("sun")
    assert not drawings.has_named("circle")


def test_single_drawings_are_found_by_their_ids(tmp_path):
    folder = write_folder(tmp_path, count=3)
    found = find_drawings(folder, {("sun", "2"), ("star", "star-1")})
    assert found["sun", "2"][0].tolist() == [[0, 0], [2, 3], [9, 9]]
    assert found["star", "star-1"][0].tolist() == [[11, 0], [11, 100], [11, 255]]
    with pytest.raises(ValueError, match="lacks 1 of 2 drawings, sun/9 for one"):
        find_drawings(folder, {("sun", "2"), ("sun", "9")})


def test_sampling_repeats_with_its_seed(drawings):
    one = drawings.sample("circle", np.random.default_rng(4), held_out=False)
    np.testing.assert_array_equal(one, drawings.sample("circle", np.random.default_rng(4), held_out=False))
    assert not np.array_equal(one, drawings.sample("circle", np.random.default_rng(5), held_out=False))


def test_an_object_category_uses_all_its_drawing_categories(drawings):
    rng = np.random.default_rng(1)
    named = {
        name: {drawings.sample_named(name, rng, held_out=False, variation=0.0).tobytes() for _ in range(400)}
        for name in ("ring", "sun")
    }
    mixed = [drawings.sample("circle", rng, held_out=False, variation=0.0).tobytes() for _ in range(100)]
    assert any(ink in named["ring"] for ink in mixed)
    assert any(ink in named["sun"] - named["ring"] for ink in mixed)


@pytest.mark.parametrize("name", ["sun", "box"])
def test_held_out_drawings_are_never_used_for_training(drawings, name):
    rng = np.random.default_rng(2)
    parts = [
        {drawings.sample_named(name, rng, held_out=held_out, variation=0.0).tobytes() for _ in range(500)}
        for held_out in (False, True)
    ]
    assert not parts[0] & parts[1]
    assert min(map(len, parts)) >= 1


def test_about_15_percent_are_held_out_and_always_the_same_ones():
    identities = [f"cat/{number}".encode() for number in range(4000)]
    held_out = [is_held_out(identity) for identity in identities]
    assert 0.13 < np.mean(held_out) < 0.17
    assert [number for number in range(20) if held_out[number]] == [2, 4, 7, 9]


def test_asking_for_what_is_not_there_is_an_error(drawings):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="no drawing for training of 'triangle'"):
        drawings.sample("triangle", rng, held_out=False)
    with pytest.raises(ValueError, match="no held-out drawing of 'cube'"):
        drawings.sample_named("cube", rng, held_out=True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "JSONDecodeError"),
        ("[1, 2]", "TypeError"),
        ('{"category": "ring", "id": "7"}', "KeyError"),
        (line_of("ring", 1, category=""), "the category is ''"),
        (line_of("ring", 1, strokes=[]), "no stroke"),
        (line_of("ring", 1, strokes=[[[], []]]), "no stroke"),
        (line_of("ring", 1, strokes=[[[1, 2]]]), "two lists"),
        (line_of("ring", 1, strokes=[[[1, 2], [3]]]), "ValueError"),
        (line_of("ring", 1, strokes=[[[1, float("nan")], [3, 4]]]), "two lists"),
        (line_of("ring", 1, strokes=[[["a"], ["b"]]]), "ValueError"),
        (line_of("ring", 1, strokes=5), "TypeError"),
    ],
)
def test_a_malformed_line_is_named_with_file_and_number(tmp_path, line, reason):
    (tmp_path / "bad.ndjson").write_text(f"{line_of('ring', 0)}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.ndjson, line 3: not a drawing") as caught:
        Drawings.load(tmp_path, MAPPING)
    assert reason in str(caught.value)


def test_malformed_bitmaps_are_errors(tmp_path):
    path = tmp_path / "bitmaps.npz"
    np.savez(path, pictures=np.zeros((1, 128, 128), np.uint8))
    with pytest.raises(ValueError, match="expected arrays 'images' and 'category'"):
        Drawings.load(tmp_path, MAPPING)
    np.savez(path, images=np.zeros((2, 64, 64), np.uint8), category=np.array(["box", "box"]))
    with pytest.raises(ValueError, match=r"got \(2, 64, 64\) uint8"):
        Drawings.load(tmp_path, MAPPING)
    np.savez(path, images=np.zeros((1, 128, 128), np.uint8), category=np.array(["box"]))
    with pytest.raises(ValueError, match=r"image 0 \(box\) has no ink"):
        Drawings.load(tmp_path, MAPPING)


def test_a_folder_without_drawings_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="no drawings in"):
        Drawings.load(tmp_path)


def test_the_committed_split_is_the_default_mapping(tmp_path):
    (tmp_path / "a.ndjson").write_text(line_of("clarinet", 2), encoding="utf-8")
    held_out = is_held_out(b"clarinet/clarinet-2")
    assert Drawings.load(tmp_path).has("bassoon", held_out=held_out)


def test_the_sketcher_mixes_people_and_traces(drawings):
    sketcher, rng = Sketcher(drawings), np.random.default_rng(0)
    circle = shapes_bank().cut_outs("circle", held_out=False)[0]
    sources = [sketcher.sketch(circle, rng, held_out=False, human=0.5)[1] for _ in range(200)]
    assert set(sources) == {"human", "traced"}
    assert 70 < sources.count("human") < 130
    assert {sketcher.sketch(circle, rng, held_out=False, human=0.0)[1] for _ in range(20)} == {"traced"}
    assert {sketcher.sketch(circle, rng, held_out=False, human=1.0)[1] for _ in range(20)} == {"human"}


def test_the_sketcher_traces_what_nobody_drew(drawings):
    cross = shapes_bank().cut_outs("cross", held_out=False)[0]
    for sketcher in (Sketcher(drawings), Sketcher(None)):
        ink, source = sketcher.sketch(cross, np.random.default_rng(0), held_out=True, human=1.0)
        assert source == "traced"
        assert ink.shape == (128, 128)
        assert ink.max() > 127


def test_the_sketcher_repeats_with_its_seed_whatever_it_drew_before(drawings):
    bank = shapes_bank()
    fresh, used = Sketcher(drawings), Sketcher(drawings)
    for cut_out in bank:
        used.sketch(cut_out, np.random.default_rng(1), held_out=False)
    for cut_out in bank:
        one, source = fresh.sketch(cut_out, np.random.default_rng(8), held_out=False)
        other, other_source = used.sketch(cut_out, np.random.default_rng(8), held_out=False)
        assert source == other_source
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("drawn", ["strokes", "pixels"])
def test_a_careless_drawing_is_turned_or_unfinished_and_never_empty(drawn):
    strokes = [np.array([[0, 0], [200, 0]], np.float32), np.array([[0, 0], [0, 200]], np.float32)]
    drawing = (
        strokes if drawn == "strokes" else sketch_strokes(strokes, np.random.default_rng(0), variation=0)
    )
    plain = vary_drawing(drawing, np.random.default_rng(1), variation=0.0)
    careless = [
        vary_drawing(drawing, np.random.default_rng(seed), variation=0.0, careless=1.0) for seed in range(20)
    ]
    assert all(ink.shape == (128, 128) and ink.dtype == np.uint8 and ink.max() > 95 for ink in careless)
    assert sum(np.array_equal(ink, plain) for ink in careless) == 0
    assert np.array_equal(vary_drawing(drawing, np.random.default_rng(1), variation=0.0), plain)


def test_the_held_out_drawings_are_listed_in_a_fixed_order(tmp_path):
    listed = held_out_strokes(write_folder(tmp_path))
    assert list(listed) == ["ring", "star", "sun"]
    for category, found in listed.items():
        numbers = [number for number, _ in found]
        assert numbers == sorted(numbers)
        assert 0 < len(numbers) < 60
        assert all(is_held_out(f"{category}/{number}".encode()) for number in numbers)
    number, (stroke,) = listed["sun"][0]
    assert stroke.tolist() == [[0, 0], [int(number), 3], [9, 9]]
    (tmp_path / "sun.ndjson.gz").unlink()
    assert list(held_out_strokes(tmp_path)) == ["ring", "star"]
