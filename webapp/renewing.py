"""Taking galleries that were replaced on disk while the server runs, when it is told to: by SIGUSR1."""

import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Self

# who may send it can end this process, too: nobody from outside can
ASK = signal.SIGUSR1


class Renewals:
    """Hears the signal until the end of the block; while the server starts it waits for `begin`."""

    def __enter__(self) -> Self:
        self._asked = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        self._before = signal.signal(ASK, self._ask)
        return self

    def __exit__(self, *error: object) -> None:
        signal.signal(ASK, self._before or signal.SIG_DFL)
        self._ended = True
        self._asked.set()
        if self._thread is not None:
            self._thread.join()

    def begin(self, renew: Callable[[], Sequence[str]]) -> None:
        """From now on do it in a thread of its own, one at a time.

        Args:
            renew: takes what is new, and returns the names of these galleries. What it can't take is said in
                the server's log; what is served stays.
        """
        self._thread = threading.Thread(target=self._work, args=(renew,), name="renewing", daemon=True)
        self._thread.start()

    def _ask(self, signal_number: int, frame: FrameType | None) -> None:
        self._asked.set()

    def _work(self, renew: Callable[[], Sequence[str]]) -> None:
        while True:
            self._asked.wait()
            if self._ended:
                return
            self._asked.clear()
            try:
                names = ", ".join(map(repr, renew()))
                print(f"* New on the disk and taken: {names or 'nothing'}", flush=True)
            except (ValueError, OSError) as error:
                print(f"* Not taken: {' '.join(str(error).split())}", file=sys.stderr, flush=True)
