from stnet.search.timing import STEPS, Stopwatch


def test_every_step_is_named_and_counted():
    watch = Stopwatch()
    with watch.step("encode"):
        pass
    with watch.step("encode"):
        pass
    timings = watch.timings()
    assert set(timings) == {*STEPS, "total"}
    assert timings["total"] >= timings["encode"] >= 0 == timings["rerank"]
