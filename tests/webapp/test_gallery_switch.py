from typing import Any

import pytest

from webapp.gallery_switch import YOURS, GallerySwitch


def state(radio: Any) -> tuple[list[str], str, bool]:
    """What a visitor can choose, what is chosen, and whether it is seen."""
    return [value for _, value in radio.choices], radio.value, radio.visible


@pytest.mark.parametrize(("galleries", "seen"), [(["Scenes"], False), (["Photographs", "Scenes"], True)])
def test_it_is_seen_where_there_is_a_choice(galleries: list[str], seen: bool) -> None:
    switch = GallerySwitch(galleries)
    first = galleries[0]
    assert state(switch.names) == (galleries, first, seen)
    assert state(switch.with_own()) == ([*galleries, YOURS], YOURS, True)
    assert state(switch.without_own(YOURS)) == (galleries, first, seen)
    assert state(switch.without_own(galleries[-1])) == (galleries, galleries[-1], seen)


@pytest.mark.parametrize("name", [YOURS, "a gallery of yesterday"])
def test_a_name_that_is_not_offered_is_left_to_who_searches(name: str) -> None:
    switch = GallerySwitch(["Photographs", "Scenes"])
    assert switch.names.preprocess(name) == name
