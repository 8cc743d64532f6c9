"""How this process ends when it is told to: nothing that visitors brought stays behind."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn, Self

from webapp.files.process_folder import delete_all

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl+C; docker or systemd; a closed terminal
_HOUR = 3600


class Stops:
    """The signals that stop this process, heard until the end of the block.

    While the server starts, the first one ends the process at once, with the exit code that shells expect.
    Whoever serves calls `wait`. Signals that are ignored from the beginning (nohup) stay ignored.
    """

    def __enter__(self) -> Self:
        handlers = {stop: signal.getsignal(stop) for stop in STOPS}
        self._before = {stop: known for stop, known in handlers.items() if known is not signal.SIG_IGN}
        self._answer_by(_leave)
        return self

    def __exit__(self, *error: object) -> None:
        for stop, handler in self._before.items():
            signal.signal(stop, handler or signal.SIG_DFL)

    def wait(self) -> None:
        """Return at the first stop, when every file of the visitors' is deleted.

        Until then no other is heard: a closed terminal often sends several. The next one ends the process.
        """
        try:
            self._answer_by(self._interrupt)
            while True:
                time.sleep(_HOUR)
        except KeyboardInterrupt:
            delete_all()
            self._answer_by(_leave)

    def _interrupt(self, signal_number: int, frame: FrameType | None) -> NoReturn:
        self._answer_by(signal.SIG_IGN)
        raise KeyboardInterrupt

    def _answer_by(self, handler: Callable[[int, FrameType | None], Any] | signal.Handlers) -> None:
        for stop in self._before:
            signal.signal(stop, handler)


def _leave(signal_number: int, frame: FrameType | None) -> NoReturn:
    """End the process here: an exception could get lost in whatever is being imported just now."""
    delete_all()
    with suppress(OSError):  # the terminal may be gone
        os.write(2, f"* Stopped by {signal.Signals(signal_number).name}\n".encode())
    os._exit(128 + signal_number)
