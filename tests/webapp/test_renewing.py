import os
import queue
import signal

import pytest

from webapp.renewing import ASK, Renewals


def ask():
    os.kill(os.getpid(), ASK)


def test_a_signal_renews_once_and_failures_end_nothing(capfd):
    asked: queue.Queue[str] = queue.Queue()
    outcomes = iter([["Photos"], ValueError("it is\ndamaged"), []])

    def renew():
        outcome = next(outcomes)
        asked.put("asked")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    before = signal.getsignal(ASK)
    with Renewals() as renewals:
        ask()  # the server is starting yet
        renewals.begin(renew)
        assert asked.get(timeout=60) == "asked"
        for _ in range(2):
            ask()
            assert asked.get(timeout=60) == "asked"
    assert signal.getsignal(ASK) == before
    printed = capfd.readouterr()
    assert printed.out.splitlines() == [
        "* New on the disk and taken: 'Photos'",
        "* New on the disk and taken: nothing",
    ]
    assert printed.err == "* Not taken: it is damaged\n"


def test_without_a_beginning_it_ends_well():
    with Renewals():
        ask()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_is_no_signal_that_stops(number):
    assert number != ASK
