"""Answers in order: only the newest question of a page is answered."""

from webapp.turns import Turns


def test_a_later_question_overtakes_the_earlier_ones_of_its_session() -> None:
    turns = Turns()
    first, other = turns.begin("a"), turns.begin("b")
    assert not turns.overtaken(first) and not turns.overtaken(other)
    second = turns.begin("a")
    assert turns.overtaken(first)
    assert not turns.overtaken(second) and not turns.overtaken(other)


def test_sessions_are_forgotten_when_there_are_too_many() -> None:
    turns = Turns(most_sessions=2)
    first, second = turns.begin("a"), turns.begin("b")
    again = turns.begin("a")  # now b asked longest ago
    third = turns.begin("c")
    assert turns.overtaken(second) and turns.overtaken(first)
    assert not turns.overtaken(again) and not turns.overtaken(third)
