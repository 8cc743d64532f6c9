"""Asking shards, wherever they are: all at once, and none of them for longer than a search can wait."""

import sys
import time
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from stnet.gallery.manifest import Manifest

_AGAIN = 0.25  # seconds for a second try: another replica may have what one lost


class Pending(Protocol):
    """An answer that may not be there yet."""

    def result(self, timeout: float) -> Any:
        """Wait for it, so many seconds at most. Raises whatever went wrong, TimeoutError if nothing came."""


class RemoteShard(Protocol):
    """A shard that is asked by the names of the methods of `stnet.search.sharding.shard.Shard`."""

    @property
    def manifest(self) -> Manifest:
        """What it is a shard of, and which one."""

    def ask(self, method: str, *arguments: Any) -> Pending:
        """Begin to ask it; returns at once."""


class Question(NamedTuple):
    """A method of a shard, and what it is asked with."""

    shard: RemoteShard
    method: str
    arguments: tuple[Any, ...]


class ShardsMissingError(Exception):
    """Shards gave no answer in time; `numbers` says which, and `reasons` why."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(f"shards gave no answer: {reasons}")
        self.numbers = frozenset(reasons)
        self.reasons = reasons


def ask_all(questions: Sequence[Question], patience: float) -> list[Any]:
    """Ask all at once; the answers in the order of the questions.

    A shard that fails at once is asked once more. Whatever goes wrong in a shard, it is as if it weren't
    there: the others can answer without it.

    Args:
        patience: seconds to wait for all of them together.

    Raises:
        ShardsMissingError: naming all that gave no answer.
    """
    end = time.monotonic() + patience
    begun = [_begin(question) for question in questions]
    answers: list[Any] = []
    reasons: dict[int, str] = {}
    for question, pending in zip(questions, begun, strict=True):
        try:
            answers.append(_wait(question, pending, end))
        except Exception as error:  # Ray has many, and a shard's own come through it
            reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
            reasons[question.shard.manifest.shard] = reason[:300]
    if reasons:
        for number, reason in sorted(reasons.items()):
            print(f"* Shard {number} gave no answer to {questions[0].method}: {reason}", file=sys.stderr)
        raise ShardsMissingError(reasons)
    return answers


def _begin(question: Question) -> Pending | Exception:
    try:
        return question.shard.ask(question.method, *question.arguments)
    except Exception as error:  # the same as one that comes later
        return error


def _wait(question: Question, pending: Pending | Exception, end: float) -> Any:
    try:
        if isinstance(pending, Exception):
            raise pending
        return pending.result(max(0.0, end - time.monotonic()))
    except TimeoutError:
        raise
    except Exception:
        again = question.shard.ask(question.method, *question.arguments)
        return again.result(max(0.0, min(_AGAIN, end - time.monotonic())))
