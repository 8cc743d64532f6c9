"""A comparison for the view: which pictures are in both, and the texts."""

from stnet.search import SearchResult
from webapp.compare.content import content, refusal
from webapp.compare.ranking import Column, Compared, Comparison


def result(rank, id):
    return SearchResult(rank, id, 0.5, 90.0, (), None, 0.0, {"title": f"A {id}"}, b"", "jpeg")


def column(system, used, *ids):
    return Column(system, used, tuple(result(rank, id) for rank, id in enumerate(ids, 1)))


def comparison(*columns):
    compared = Compared("sketch+text", "red", False, "g", 9, "m", columns)
    return Comparison(compared, [[f"/{id}" for id in one.ids] for one in columns])


def test_what_both_found_is_marked_with_its_rank_there():
    value = content(
        comparison(column("stnet", "sketch+text", "a", "b", "c"), column("text-only", "text", "c", "x", "a")),
        7,
    )
    assert value["ticket"] == 7 and value["said"] == "2 of the 3 pictures are in both lists."
    first, second = value["columns"]
    assert [one["there"] for one in first["results"]] == [3, None, 1]
    assert [one["there"] for one in second["results"]] == [3, None, 1]
    assert first["results"][1] == {
        "rank": 2,
        "path": "/b",
        "alt": "2. A b: b",
        "caption": "A b",
        "there": None,
    }
    assert (first["used"], second["used"]) == (
        "It used your drawing and your words.",
        "It used your words only.",
    )


def test_nothing_is_said_of_both_where_one_found_nothing():
    value = content(comparison(column("stnet", "text", "a"), column("sketch-only", None)), 1)
    assert value["said"] == ""
    assert value["columns"][1] == {
        "system": "sketch-only",
        "used": "It asks by a drawing: this query has none.",
        "results": [],
    }
    assert refusal("No.", 3) == {"ticket": 3, "said": "No.", "columns": []}
