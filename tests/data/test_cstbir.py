"""The paper's data format, on files made here: what is read, and which row is to blame."""

import json

import numpy as np
import pytest
from PIL import Image

import stnet.data.cstbir as cstbir
from stnet.data.cstbir import load_cstbir, stream_objects

HEAD = "text,image_filename,sketch_filename,object_category,split"
ROWS = [
    "sitting before the pyramids,15.jpg,camel_1.jpg,camel,test",
    '"above the river, at dawn",15.jpg,hotairballoon_0.jpg,Hot air balloon,test',
    "eating grass,17.jpg,camel_0.jpg,camel,test",
    "in a stable,18.jpg,camel_0.jpg,camel,train",
]
OBJECTS = [
    {
        "image_id": 15,
        "objects": [
            {"x": 5, "y": 6, "w": 20, "h": 10, "names": ["camel"]},
            {"x": 1, "y": 2, "w": 3, "h": 4, "names": ["hot air balloon", "balloon"]},
            {"x": 0, "y": 0, "w": 9, "h": 9, "names": ["sand"]},
        ],
    },
    {"image_id": 99, "objects": [{"x": 0, "y": 0, "w": 1, "h": 1, "names": ["camel"]}]},
]


def drawing(*points):
    return json.dumps(
        {"word": "w", "key_id": "1", "drawing": [[[x for x, _ in points], [y for _, y in points]]]}
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "CSTBIR.csv").write_text("\n".join([HEAD, *ROWS]) + "\n")
    for place, name in (("VG_100K", "15.jpg"), ("VG_100K_2", "17.jpg"), ("VG_100K_2", "18.jpg")):
        (tmp_path / "images" / place).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (50, 40)).save(tmp_path / "images" / place / name)
    (tmp_path / "sketches").mkdir()
    camels = [drawing((0, 0), (9, 9)), drawing((1, 2), (3, 4), (255, 0))]
    (tmp_path / "sketches" / "camel.ndjson").write_text("\n".join(camels))
    (tmp_path / "sketches" / "hot air balloon.ndjson").write_text(drawing((7, 8), (9, 10)) + "\n")
    (tmp_path / "objects.json").write_text(json.dumps(OBJECTS))
    return tmp_path


def rewrite(folder, old, new, name="CSTBIR.csv"):
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))


def test_a_split_is_photos_with_their_queries(folder):
    first, second = load_cstbir(folder, "test")
    assert first.path == folder / "images" / "VG_100K" / "15.jpg"
    assert [query.text for query in first.queries] == [
        "sitting before the pyramids",
        "above the river, at dawn",
    ]
    assert [query.category for query in first.queries] == ["camel", "Hot air balloon"]
    assert second.queries[0].text == "eating grass"
    assert [len(photo.queries) for photo in load_cstbir(folder, "train")] == [1]


def test_sketches_are_the_numbered_drawings(folder):
    first, second = load_cstbir(folder, "test")
    np.testing.assert_array_equal(first.queries[0].sketch[0], [[1, 2], [3, 4], [255, 0]])
    np.testing.assert_array_equal(first.queries[1].sketch[0], [[7, 8], [9, 10]])
    np.testing.assert_array_equal(second.queries[0].sketch[0], [[0, 0], [9, 9]])


def test_a_sketch_may_be_a_picture(folder):
    Image.new("L", (8, 8)).save(folder / "sketches" / "camel_1.jpg")
    assert load_cstbir(folder, "test")[0].queries[0].sketch == folder / "sketches" / "camel_1.jpg"


def test_boxes_are_those_of_the_splits_categories(folder):
    first, second = load_cstbir(folder, "test")
    assert first.boxes == {"camel": ((5, 6, 20, 10),), "Hot air balloon": ((1, 2, 3, 4),)}
    assert second.boxes == {}


def test_boxes_may_be_missing(folder):
    (folder / "objects.json").unlink()
    assert [photo.boxes for photo in load_cstbir(folder, "test")] == [{}, {}]


def test_the_first_photos_keep_all_their_queries(folder):
    (only,) = load_cstbir(folder, "test", images=1)
    assert len(only.queries) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("object_category,split", "category,split", "lacks the columns object_category"),
        ("eating grass,", " ,", r"CSTBIR\.csv, line 4, column text: it is empty"),
        ("17.jpg", "16.jpg", r"line 4, column image_filename: no picture '16\.jpg'"),
        ("camel_1.jpg", "llama_1.jpg", r"line 2, column sketch_filename: 'llama_1\.jpg' is neither"),
        ("camel_1.jpg", "camel.jpg", r"line 2, column sketch_filename: 'camel\.jpg' is neither"),
        ("camel_1.jpg", "camel_2.jpg", r"line 2, column sketch_filename: .*camel\.ndjson has no drawing 2"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(folder, old, new, message):
    rewrite(folder, old, new)
    with pytest.raises(ValueError, match=message):
        load_cstbir(folder, "test")


def test_a_row_that_is_cut_off_is_named(folder):
    rewrite(folder, "camel_0.jpg,camel,test", "camel_0.jpg")
    with pytest.raises(ValueError, match="line 4, column object_category: it is empty"):
        load_cstbir(folder, "test")


def test_an_unknown_split_lists_those_there_are(folder):
    with pytest.raises(ValueError, match="no row of the split 'test-1k'; its splits: test, train"):
        load_cstbir(folder, "test-1k")


def test_there_must_be_one_table(folder):
    (folder / "more.csv").write_text(HEAD)
    with pytest.raises(
        ValueError, match=r"expected one \.csv of queries in .*, found CSTBIR\.csv, more\.csv"
    ):
        load_cstbir(folder, "test")


@pytest.mark.parametrize(
    "line", ["{}", "not json", '{"drawing": []}', '{"drawing": [[[1], [2, 3]]]}', '{"drawing": [3]}']
)
def test_a_damaged_drawing_is_named(folder, line):
    (folder / "sketches" / "camel.ndjson").write_text(drawing((0, 0), (1, 1)) + "\n" + line)
    with pytest.raises(ValueError, match=r"camel\.ndjson, line 2: not a Quick, Draw! drawing"):
        load_cstbir(folder, "test")


def test_other_objects_are_an_error(folder):
    rewrite(folder, '"names"', '"labels"', "objects.json")
    with pytest.raises(
        ValueError, match=r"objects\.json: not Visual Genome's objects \(KeyError\('names'\)\)"
    ):
        load_cstbir(folder, "test")


@pytest.mark.parametrize("at_once", [1, 2, 7, 10_000])
def test_long_arrays_are_read_piece_by_piece(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(cstbir, "READ_AT_ONCE", at_once)
    elements = [{"a": [1, {"b": "]},["}]}, {}, {"c": 'ü " \\'}]
    path = tmp_path / "long.json"
    path.write_text(f"  {json.dumps(elements, ensure_ascii=False, indent=1)}\n", encoding="utf-8")
    assert list(stream_objects(path)) == elements
    path.write_text("[ ]")
    assert list(stream_objects(path)) == []


@pytest.mark.parametrize("at_once", [2, 10_000])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"a": 1}, {"b"', "cut off"),
        ('[{"a": 1}', "cut off"),
        ('{"a": 1}', "expected a JSON array"),
        ("", "expected"),
    ],
)
def test_files_that_are_no_whole_array_are_refused(tmp_path, monkeypatch, at_once, text, message):
    monkeypatch.setattr(cstbir, "READ_AT_ONCE", at_once)
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(ValueError, match=message):
        list(stream_objects(tmp_path / "bad.json"))
