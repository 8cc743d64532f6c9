import threading
import time
from concurrent.futures import ThreadPoolExecutor

from stnet.search.slots import Slots


def test_who_waits_comes_before_who_comes_again():
    """One thread takes slot after slot; another one, once it waits, gets the very next."""

    slots, order, holding = Slots(1), [], threading.Event()

    def many():
        for number in range(3):
            with slots.slot():
                order.append(f"long {number}")
                holding.set()
                while number == 0 and not slots.waiting:
                    time.sleep(0.001)

    def one():
        assert holding.wait(60)
        with slots.slot():
            order.append("short")

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(many), pool.submit(one)]:
            work.result(60)
    assert order == ["long 0", "short", "long 1", "long 2"]


def test_as_many_at_a_time_as_said_and_a_failure_gives_its_slot_back():
    slots, together = Slots(2), threading.Barrier(2)

    def work(number):
        with slots.slot():
            if number < 2:
                together.wait(60)  # both are in
            else:
                raise ValueError("no")

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(work, number) for number in range(4)]
    assert [isinstance(work.exception(), ValueError) for work in done] == [False, False, True, True]
    with ThreadPoolExecutor(2) as pool:  # both are free again
        assert [one.exception() for one in [pool.submit(work, number) for number in range(2)]] == [None, None]
