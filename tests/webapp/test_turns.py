"""Answers in order: only the newest question of a page is answered."""

from webapp.turns import Turns


def test_a_later_question_overtakes_the_earlier_ones_of_its_session() -> None:
    turns = Turns()
    first, other = turns.begin("a", 1), turns.begin("b", 2)
    assert not turns.overtaken(first) and not turns.overtaken(other)
    second = turns.begin("a", 3)
    assert turns.overtaken(first)
    assert not turns.overtaken(second) and not turns.overtaken(other)


def test_a_question_that_is_taken_up_late_overtakes_none_that_was_asked_later() -> None:
    turns = Turns()
    later = turns.begin("a", 7)
    earlier = turns.begin("a", 5)
    assert turns.overtaken(earlier)
    assert not turns.overtaken(later)


def test_sessions_are_forgotten_when_there_are_too_many() -> None:
    turns = Turns(most_sessions=2)
    first, second = turns.begin("a", 1), turns.begin("b", 2)
    again = turns.begin("a", 3)  # now b asked longest ago
    third = turns.begin("c", 4)
    assert turns.overtaken(second) and turns.overtaken(first)
    assert not turns.overtaken(again) and not turns.overtaken(third)
