import json
from pathlib import Path

import pytest

from benchmarks.newcomer import DRAWINGS, SIDE, load_drawings, right
from benchmarks.newcomer_table import markdown
from stnet.data.splits import gallery_questions


def test_the_recorded_drawings_are_of_things_in_the_gallery_of_photographs() -> None:
    drawings = load_drawings()
    asked = {(question.category, question.pictures) for question in gallery_questions()}
    assert len(drawings) == 20
    for drawing in drawings:
        assert (drawing.thing, drawing.pictures) in asked
        values = [value for stroke in drawing.strokes for point in stroke for value in point]
        assert values and all(0 <= value < SIDE for value in values)
    assert json.loads(DRAWINGS.read_text(encoding="utf-8"))["licence"] == "CC-BY-4.0"


def test_what_is_shown_after_the_twelfth_does_not_count() -> None:
    drawing = load_drawings()[0]
    (first, *_) = drawing.pictures
    others = [f"other-{number}" for number in range(12)]
    assert right([*others[:11], first], drawing) == 1
    assert right([*others, first], drawing) == 0


def test_the_table_counts_drawings_and_pictures() -> None:
    rows = [
        {"thing": "bee", "pictures": 2, "drawn": 0, "named": 2},
        {"thing": "fish", "pictures": 30, "drawn": 5, "named": 9},
    ]
    table = markdown({"shown": 12, "drawings": rows}).splitlines()
    assert table[2:] == [
        "| the drawing alone | 1 | 5 of 14 |",
        "| the drawing and the thing's name | 2 | 11 of 14 |",
    ]


@pytest.mark.parametrize("content", ["[]", "{}", '{"drawings": [{"thing": "bee"}]}', "no JSON"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "drawings.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="holds no recorded drawings"):
        load_drawings(tmp_path / "drawings.json")
