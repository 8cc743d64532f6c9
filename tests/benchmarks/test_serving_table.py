from benchmarks.serving_table import markdown

ROW = {
    "pictures": 108_000,
    "search": "ours, two stages",
    "p50_ms": 12.345,
    "p95_ms": 140.4,
    "cpu_ms": 20.0,
    "floor_ms": 4.0,
    "floor_cpu_ms": 8.0,
    "held": 0.9987,
    "bytes": 129_600_000,
    "cold_ms": None,
}


def test_a_row_says_what_was_measured():
    *_, first, second = markdown({"rows": [ROW, ROW | {"cold_ms": 33.3}]}).splitlines()
    assert first == "| 108,000 | ours, two stages | 12.3 | 140 | 20 | 3.1 | 2.5 | 0.999 | 130 |  |"
    assert second.endswith("| 130 | 33.3 |")
