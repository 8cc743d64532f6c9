from benchmarks.encoding_table import HEAD, TIMES, markdown

ROW = {
    "threads": 2,
    "encoder": "torch",
    **{f"{what}_ms": 4.0 for what in TIMES},
    **{f"{what}_cpu_ms": 7.25 for what in TIMES},
    "two_users": 0.96,
    "cosine": {"patches": 0.9999999, "sketch": 0.9999, "text": 1.0},
}
FIGURES = {
    "rounds": 15,
    "batch": 16,
    "rows": [ROW, ROW],
    "suite": "scenes-1k",
    "images": 1000,
    "complete": True,
    "R@10": {"torch": {"sketch": 50.0, "text": 33.33}, "ONNX Runtime": {"sketch": 50.0, "text": 33.3}},
}


def test_a_line_for_each_row_and_one_for_what_is_found():
    lines = markdown(FIGURES).splitlines()
    cells = " | ".join(["4.0 / 7.2"] * len(TIMES))
    assert lines[4:6] == [f"| 2 | torch | {cells} | 0.96 | 0.999900 |"] * 2
    assert lines[2].count("|") == lines[4].count("|") == len(HEAD) + 1
    assert lines[-1] == (
        "R@10 on scenes-1k, 1,000 pictures: torch: sketch 50.0, text 33.3; "
        "ONNX Runtime: sketch 50.0, text 33.3"
    )
    assert "a PART of the suite" in markdown(FIGURES | {"complete": False})
