"""Which of a visitor's questions is the newest: an answer that another one has overtaken is not shown."""

import threading
from collections import OrderedDict
from typing import NamedTuple

MOST_SESSIONS = 10_000  # the one that asked longest ago is forgotten; its answers count as overtaken


class Turn(NamedTuple):
    """One question of one page."""

    session: str
    number: int


class Turns:
    """Counts the questions of every open page. Safe to use from many threads."""

    def __init__(self, most_sessions: int = MOST_SESSIONS) -> None:
        self._most = most_sessions
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._questions = 0
        self._lock = threading.Lock()

    def begin(self, session: str) -> Turn:
        """A new question: all earlier ones of this session are overtaken."""
        with self._lock:
            self._questions += 1
            self._newest[session] = self._questions
            self._newest.move_to_end(session)
            if len(self._newest) > self._most:
                self._newest.popitem(last=False)
            return Turn(session, self._questions)

    def overtaken(self, turn: Turn) -> bool:
        """Whether the session has asked again since."""
        with self._lock:
            return self._newest.get(turn.session) != turn.number
