from typing import Any

import pytest

from webapp.query import Likeness, read_likeness


def test_a_likeness_is_read_with_its_region_in_whole_steps() -> None:
    assert read_likeness(None) is None
    assert read_likeness({"id": "owl", "number": 3, "region": None}) == Likeness("owl", 3)
    read = read_likeness({"id": "owl", "number": 3, "region": [0.12345, 0, 0.9999, 1]})
    assert read == Likeness("owl", 3, (0.123, 0.0, 1.0, 1.0))


@pytest.mark.parametrize("value", ["owl", {}, {"id": 3}, {"id": "owl", "region": [0.1]}])
def test_what_no_page_sends_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        read_likeness(value)
