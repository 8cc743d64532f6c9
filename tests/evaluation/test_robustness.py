"""What is left of the recall when drawings get worse."""

from stnet.evaluation.robustness import over_whole


def test_ratios_are_over_the_drawings_as_drawn():
    table = {
        "as drawn": {"sketch+text": 80.0, "sketch": 0.0},
        "first 50 % drawn": {"sketch+text": 60.0, "sketch": 0.0},
        "rotated by 30 degrees": {"sketch+text": 20.0, "sketch": 10.0},
    }
    assert over_whole(table) == {
        "first 50 % drawn": {"sketch+text": 0.75, "sketch": None},
        "rotated by 30 degrees": {"sketch+text": 0.25, "sketch": None},
    }
