import threading

import pytest

from index_builder.preparing import Skipped, ahead, prepare
from index_builder.sources.entry import Entry
from tests.galleries import draw_photo


def test_an_entry_becomes_a_record_or_a_reason(tmp_path):
    draw_photo(0).save(tmp_path / "a.png")
    made = prepare(Entry("a", tmp_path / "a.png", {"b": 1, "a": "ü"}), 48, "jpeg", 85)
    assert made.record[:2] == ("a", '{"a": "ü", "b": 1}')
    assert (made.record.width, made.record.height) == made.pixels.size == (48, 32)
    assert prepare(Entry("x", None), 48, "jpeg", 85) == Skipped("x", "the source has no picture for it")
    assert prepare(Entry("x", b"1", problem="odd"), 48, "jpeg", 85) == Skipped("x", "odd")


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_results_come_in_order_and_few_are_taken_ahead(threads):
    taken = []

    def items():
        for number in range(50):
            taken.append(number)
            yield number

    for number, made in enumerate(ahead(lambda item: item * 2, items(), threads, 4)):
        assert made == 2 * number
        assert len(taken) <= number + max(4, threads and 4)
    assert len(taken) == 50


def test_threads_are_at_work_while_the_first_result_is_used():
    started = threading.Event()

    def work(item):
        if item == 1:
            started.set()
        return item

    results = ahead(work, range(3), 1, 2)
    assert next(results) == 0
    assert started.wait(60)
    results.close()


def test_what_goes_wrong_in_a_thread_is_raised_in_its_turn():
    def work(item):
        return 1 // (2 - item)

    results = ahead(work, range(9), 2, 3)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
