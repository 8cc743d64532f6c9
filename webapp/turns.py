"""Which of a visitor's questions is the newest: an answer that another one has overtaken is not shown."""

import threading
from collections import OrderedDict
from typing import NamedTuple

MOST_SESSIONS = 10_000  # the one that asked longest ago is forgotten; its answers count as overtaken


class Turn(NamedTuple):
    """One question of one page; `moment` is when the visitor asked it."""

    session: str
    moment: int


class Turns:
    """Knows the newest question of every open page. Safe to use from many threads."""

    def __init__(self, most_sessions: int = MOST_SESSIONS) -> None:
        self._most = most_sessions
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, session: str, moment: int) -> Turn:
        """Take up a question: all earlier ones of this session are overtaken.

        So is this one, at once, if a later one was taken up before it: threads don't keep the order.

        Args:
            moment: when it was asked, on any clock that never shows the same twice to one session.
        """
        with self._lock:
            self._newest[session] = max(moment, self._newest.get(session, moment))
            self._newest.move_to_end(session)
            if len(self._newest) > self._most:
                self._newest.popitem(last=False)
            return Turn(session, moment)

    def overtaken(self, turn: Turn) -> bool:
        """Whether the session has asked a later question."""
        with self._lock:
            return self._newest.get(turn.session) != turn.moment
