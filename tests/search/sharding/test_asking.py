"""Shards are asked at once, a failing one twice, and none for longer than the patience."""

import time
from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from stnet.search.sharding.asking import Question, ShardsMissingError, ask_all


class Answering:
    """A shard whose answers are what it is given: a value, an error, or None for never."""

    def __init__(self, number, *answers):
        self.manifest = SimpleNamespace(shard=number)
        self.answers, self.asked = list(answers), []

    def ask(self, method, *arguments):
        self.asked.append((method, *arguments))
        answer, future = self.answers.pop(0), Future()
        if isinstance(answer, Exception):
            future.set_exception(answer)
        elif answer is not None:
            future.set_result(answer)
        return future


def questions(*shards):
    return [Question(shard, "scores", (1, 2)) for shard in shards]


def test_answers_come_in_the_order_of_the_questions():
    shards = Answering(0, "a"), Answering(1, "b")
    assert ask_all(questions(*shards), 1.0) == ["a", "b"]
    assert shards[1].asked == [("scores", 1, 2)]


def test_a_shard_that_fails_once_is_asked_again():
    shard = Answering(0, OSError("a replica has died"), "a")
    assert ask_all(questions(shard), 1.0) == ["a"]


def test_all_that_give_no_answer_are_named(capsys):
    shards = Answering(0, "a"), Answering(4, OSError("gone"), OSError("gone\nagain")), Answering(7, None)
    start = time.monotonic()
    with pytest.raises(ShardsMissingError) as caught:
        ask_all(questions(*shards), 0.05)
    assert time.monotonic() - start >= 0.05
    assert caught.value.numbers == {4, 7}
    assert caught.value.reasons[4] == "OSError: gone again"
    assert "* Shard 4 gave no answer to scores: OSError: gone again" in capsys.readouterr().err


def test_what_cannot_even_be_asked_is_missing():
    shard = Answering(2)  # nothing to answer with: asking it fails
    with pytest.raises(ShardsMissingError, match="IndexError"):
        ask_all(questions(shard), 0.05)


def test_all_are_waited_for_together():
    hanging = [Answering(number, None) for number in range(20)]
    with pytest.raises(ShardsMissingError):
        ask_all(questions(*hanging), 0.02)
    assert all(len(shard.asked) == 1 for shard in hanging)
