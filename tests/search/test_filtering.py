"""Filters restrict what is ranked, before anything is cut, in every way to search."""

import json

import numpy as np
import pytest

from index_builder import build_gallery, open_source
from stnet.search import SearchEngine, SearchError
from stnet.search.browsing import browse
from stnet.search.filtering import MOST_OFFERED, Field, GalleryFields, read_fields
from tests.galleries import drawing, load, make_photos

LIGHTS = ("day", "night", "dusk")
QUERIES = [(drawing(), "a red one on the beach"), (drawing(), None), (None, "left of a green square")]


def known(number):
    """What is said of a photo."""
    return {
        "light": LIGHTS[number % 3],
        "objects": {"category": ["cat", "dog"][: 1 + number % 2], "box": [[0, number]]},
        "year": 2020 + number % 2,
        "title": f"photo {number}",
        "inside": number % 4 == 0,
        "licence": "CC0-1.0",
    } | ({"rare": "yes"} if number == 5 else {})


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    root = tmp_path_factory.mktemp("filtering")
    photos = make_photos(root / "photos", 40)
    lines = [json.dumps({"file_name": f"photo-{number:02d}.png"} | known(number)) for number in range(40)]
    (photos / "metadata.jsonl").write_text("\n".join(lines))
    build_gallery(open_source(str(photos)), load(tiny_checkpoint), root / "gallery")
    return SearchEngine.from_pretrained(tiny_checkpoint, root / "gallery", "cpu")


def ids(response):
    return [result.id for result in response.results]


def passing(engine, test):
    numbers = [number for number in range(40) if test(known(number))]
    return {f"photo-{number:02d}.png" for number in numbers}


CASES = [
    ({"light": "night"}, lambda said: said["light"] == "night"),
    ({"light": ["night", "dusk"]}, lambda said: said["light"] != "day"),
    ({"light": "day", "year": "2021"}, lambda said: said["light"] == "day" and said["year"] == 2021),
    ({"objects: category": "dog"}, lambda said: "dog" in said["objects"]["category"]),
    ({"inside": "true"}, lambda said: said["inside"]),
]


@pytest.mark.parametrize(
    ("filters", "test"), CASES, ids=lambda case: str(case) if isinstance(case, dict) else ""
)
@pytest.mark.parametrize(("sketch", "text"), QUERIES, ids=["both", "sketch", "text"])
def test_the_order_is_that_of_everything_without_what_does_not_pass(engine, sketch, text, filters, test):
    everything = engine.search(sketch, text, 50, exhaustive=True)
    expected = [id for id in ids(everything) if id in passing(engine, test)]
    found = engine.search(sketch, text, 50, filters=filters)
    assert ids(found) == expected
    assert found.total == len(expected) > 0
    by_id = {result.id: result.score for result in everything.results}
    assert [result.score for result in found.results] == pytest.approx(
        [by_id[id] for id in expected], abs=1e-6
    )


@pytest.mark.parametrize(("sketch", "text"), QUERIES, ids=["both", "sketch", "text"])
def test_the_first_stage_cuts_only_among_what_passes(engine, sketch, text):
    """So few candidates that hardly any would pass if they were taken from the whole gallery."""
    test = CASES[0][1]
    found = engine.search(sketch, text, 3, candidates=3, filters={"light": "night"})
    assert len(found.results) == 3 and set(ids(found)) <= passing(engine, test)
    pages = [
        engine.search(sketch, text, 3, candidates=3, filters={"light": "night"}, offset=offset)
        for offset in range(0, 15, 3)
    ]
    assert sorted(id for page in pages for id in ids(page)) == sorted(passing(engine, test))


@pytest.mark.parametrize("several", [False, True])
def test_percentiles_are_of_what_passes(engine, several):
    found = engine.search(drawing(), None, 50, filters={"light": "night"}, several=several)
    count = len(found.results)
    assert [result.percentile for result in found.results] == pytest.approx(
        [100 * (count - rank) / count for rank in range(1, count + 1)], abs=1e-3
    )


@pytest.mark.parametrize("region", [None, (0.1, 0.2, 0.6, 0.9)])
@pytest.mark.parametrize("text", [None, "a red one"])
def test_similar_pictures_pass_too(engine, region, text):
    whole = engine.similar("photo-01.png", 50, region, text=text)
    expected = [id for id in ids(whole) if id in passing(engine, CASES[0][1])]
    found = engine.similar("photo-01.png", 50, region, text=text, filters={"light": "night"})
    assert ids(found) == expected  # without itself, which is of the night
    assert found.total == len(expected)


def test_what_nothing_passes_finds_nothing(engine):
    found = engine.search(None, "a red one", filters={"rare": "yes", "light": "day"})
    assert found.results == [] and found.total == 0 and found.match is None
    assert engine.similar("photo-01.png", filters={"rare": "yes", "light": "day"}).results == []


def test_the_wall_shows_what_passes(engine):
    rows = engine.fields.rows({"light": "night"})
    page = browse(engine.gallery, 0, 50, rows)
    assert {picture.id for picture in page.pictures} == passing(engine, CASES[0][1])
    assert page.total == len(rows)
    assert browse(engine.gallery, 0, 50, rows[:0]).pictures == []


def test_no_filter_is_no_restriction(engine):
    for none in (None, {}):
        assert engine.fields.rows(none) is None
        assert ids(engine.search(None, "a red one", filters=none)) == ids(engine.search(None, "a red one"))


@pytest.mark.parametrize(
    ("filters", "refusal"),
    [
        ({"colour": "red"}, r"can't be filtered by 'colour'; there is .*'light'"),
        ({"light": "noon"}, r"no picture with light = 'noon'; there is 'day', 'dusk', 'night'"),
        ({"light": ["day", "noon"]}, "no picture with light = 'noon'"),
        ({"light": []}, "a text, or a list of texts, got"),
        ({"light": 3}, "a text, or a list of texts, got 3"),
        ({"objects: box": "0"}, "can't be filtered by"),
        (["light"], "Filters are"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(engine, filters, refusal):
    with pytest.raises(SearchError, match=refusal):
        engine.search(None, "a red one", filters=filters)


class Said:
    """A gallery of which only the metadata is asked for."""

    is_here = True

    name = "said"

    def __init__(self, *metadata):
        self._metadata = metadata

    def __len__(self):
        return len(self._metadata)

    def metadata(self, row):
        return self._metadata[row]


def test_fields_are_read_once_for_all_their_rows():
    gallery = Said({"a": "x", "tags": ["p", "p", "q"]}, {"a": "y", "n": None}, {"a": "x"})
    found = read_fields(gallery)
    assert {
        name: {value: rows.tolist() for value, rows in values.items()} for name, values in found.items()
    } == {
        "a": {"x": [0, 2], "y": [1]},
        "tags": {"p": [0], "q": [0]},
    }
    assert all(rows.dtype == np.int64 for values in found.values() for rows in values.values())


def test_a_licence_is_found_by_whichever_spelling():
    fields = GalleryFields(Said(*({"licence": text} for text in ("GPLv2+", "CC BY 4.0", "CC-BY-4.0"))))
    (offered,) = fields.offered()
    assert offered.values == (("CC-BY-4.0", 2), ("GPL-2.0+", 1))
    for asked in ("CC-BY 4.0", "CC-BY-4.0"):
        assert fields.rows({"licence": asked}).tolist() == [1, 2]
    assert fields.rows({"licence": ["GPL-2+", "CC BY 4.0"]}).tolist() == [0, 1, 2]


def test_a_field_that_says_something_else_of_every_picture_is_left_out(monkeypatch):
    monkeypatch.setattr("stnet.search.filtering.MOST_VALUES", 3)
    assert set(read_fields(Said(*({"id": str(n), "odd": str(n % 2)} for n in range(9))))) == {"odd"}


def test_people_are_offered_fields_of_few_values_about_most_pictures():
    many = [
        {
            "light": LIGHTS[n % 3] if n % 5 else "night",
            "title": "same" if n % 2 else "other",
            "licence": "CC0-1.0",
            "number": str(n),
            "photo": {"url": f"https://a.org/{n % 2}"},
            "long": ("l" if n % 2 else "o") * 200,
        }
        | ({"seldom": str(n % 2)} if n < 10 else {})
        for n in range(2 * MOST_OFFERED)
    ]
    (field,) = GalleryFields(Said(*many)).offered()
    assert field.name == "light"
    assert sum(count for _, count in field.values) == len(many)
    assert field == Field("light", tuple(sorted(field.values, key=lambda one: (-one[1], one[0]))))
