import pytest

from webapp.results.grouping import by_thing

LEFT, RIGHT = (0.0, 0.0, 0.25, 0.25), (0.5, 0.5, 1.0, 1.0)
BODY, TAIL, OTHER = (10, 10, 200, 200), (200, 200, 300, 260), (600, 600, 900, 900)


def test_strokes_go_to_the_thing_they_lie_in_or_near() -> None:
    assert by_thing([OTHER, BODY, TAIL], [LEFT, RIGHT]) == [[list(BODY), list(TAIL)], [list(OTHER)]]
    assert by_thing([OTHER, BODY], [RIGHT, LEFT]) == [[list(OTHER)], [list(BODY)]]
    assert by_thing([(500, 400)], [LEFT, RIGHT]) == [[], [[500, 400]]]  # a dot near the second


@pytest.mark.parametrize("strokes", [[], [BODY]])
def test_one_thing_has_all_strokes(strokes: list[tuple[int, ...]]) -> None:
    assert by_thing(strokes, [RIGHT]) == [[list(stroke) for stroke in strokes]]
