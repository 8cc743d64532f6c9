import threading

import pytest

from index_builder.behind import Behind


def fail():
    raise OSError("no room")


def test_work_is_done_elsewhere_in_order():
    done = []
    with Behind() as behind:
        for number in range(5):
            behind.do(lambda number=number: done.append((number, threading.current_thread())))
    assert [number for number, _ in done] == [0, 1, 2, 3, 4]
    assert threading.current_thread() not in [thread for _, thread in done]


def test_without_a_thread_it_is_done_at_once():
    done = []
    with Behind(threaded=False) as behind:
        behind.do(done.append, 1)
        assert done == [1]


def test_what_went_wrong_is_raised_by_the_next_or_at_the_end():
    behind = Behind()
    behind.do(fail)
    with pytest.raises(OSError, match="no room"):
        behind.do(fail)
    with pytest.raises(OSError, match="no room"), behind:
        behind.do(fail)


def test_another_error_is_not_hidden():
    with pytest.raises(ValueError, match="first"), Behind() as behind:
        behind.do(fail)
        behind.drain()
        raise ValueError("first")
