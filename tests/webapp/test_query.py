from dataclasses import replace
from typing import Any

import pytest

from stnet.search.exclusion import MOST_UNLIKE
from stnet.search.things import MOST_THINGS
from webapp.query import LONGEST_THING, MOST_FILTERS, Likeness, PageQuery, read_likeness, wished


def test_a_likeness_is_read_with_its_region_in_whole_steps() -> None:
    assert read_likeness(None) is None
    assert read_likeness({"id": "owl", "number": 3, "region": None}) == Likeness("owl", 3)
    read = read_likeness({"id": "owl", "number": 3, "region": [0.12345, 0, 0.9999, 1]})
    assert read == Likeness("owl", 3, (0.123, 0.0, 1.0, 1.0))


@pytest.mark.parametrize("value", ["owl", {}, {"id": 3}, {"id": "owl", "region": [0.1]}])
def test_what_no_page_sends_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        read_likeness(value)


QUERY = PageQuery(None, "on the snow", 12, 0.0)


def test_a_wish_changes_the_query_and_nothing_else() -> None:
    several = wished(QUERY, {"wish": "several"})
    assert several == replace(QUERY, several=True)
    assert wished(several, {"wish": "several"}) == QUERY
    away = wished(wished(QUERY, {"wish": "away", "id": "owl"}), {"wish": "away", "id": "cat"})
    assert away == replace(QUERY, unlike=("owl", "cat"))
    assert wished(away, {"wish": "away", "id": "owl"}).unlike == ("cat", "owl")
    assert wished(away, {"wish": "readmit"}) == QUERY


def test_a_filter_takes_the_place_of_the_one_before() -> None:
    night = wished(QUERY, {"wish": "filter", "name": "light", "value": "night"})
    assert night == replace(QUERY, filters=(("light", "night"),))
    more = wished(night, {"wish": "filter", "name": "place", "value": "forest"})
    day = wished(more, {"wish": "filter", "name": "light", "value": "day"})
    assert day.filters == (("place", "forest"), ("light", "day"))
    assert wished(day, {"wish": "filter", "name": "place", "value": ""}).filters == (("light", "day"),)
    for number in range(MOST_FILTERS + 2):
        day = wished(day, {"wish": "filter", "name": str(number), "value": "x"})
    assert len(day.filters) == MOST_FILTERS


def test_filters_alone_ask_nothing() -> None:
    empty = PageQuery(None, " ", 12, 0.0, filters=(("light", "night"),))
    assert empty.is_empty
    assert not QUERY.is_empty and not replace(empty, like=Likeness("owl", 3)).is_empty


def test_things_are_named_until_they_are_one_again() -> None:
    named = wished(QUERY, {"wish": "names", "names": [" a  cat ", ""]})
    assert named == replace(QUERY, several=True, names=("a cat", ""))
    assert wished(named, {"wish": "names", "names": ["", " "]}) == replace(QUERY, several=True)
    assert wished(named, {"wish": "several"}) == QUERY
    long = wished(QUERY, {"wish": "names", "names": ["x" * 1000] * 9}).names
    assert long == ("x" * LONGEST_THING,) * MOST_THINGS


def test_of_too_many_pictures_the_last_are_turned_away_from() -> None:
    query = QUERY
    for number in range(MOST_UNLIKE + 2):
        query = wished(query, {"wish": "away", "id": str(number)})
    assert query.unlike == tuple(str(number) for number in range(2, MOST_UNLIKE + 2))


@pytest.mark.parametrize(
    "value",
    [
        *(None, "several", {}, {"wish": "else"}, {"wish": "away"}, {"wish": "away", "id": 3}),
        {"wish": "filter", "name": "a"},
        {"wish": "names", "names": [1]},
    ],
)
def test_a_wish_that_no_page_has_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        wished(QUERY, value)
