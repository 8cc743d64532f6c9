import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.paper_changes import CHANGES, changed
from benchmarks.paper_robustness import drawings, table


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_the_size_and_is_the_same_at_every_run(name: str) -> None:
    sheet = Image.new("L", (200, 160), 255)
    ImageDraw.Draw(sheet).line([(40, 40), (150, 120)], fill=0, width=4)
    first, second = (np.asarray(changed(sheet, name)) for _ in range(2))
    assert first.shape[:2] == (160, 200)
    assert np.array_equal(first, second) and not np.array_equal(first, np.asarray(sheet))


def test_without_drawings_it_says_what_it_needs(tmp_path: Path) -> None:
    drawing = {"category": "cat", "id": "1", "strokes": [[[0, 255], [0, 255]]]}
    with gzip.open(tmp_path / "strokes.ndjson.gz", "wt") as file:
        file.write(json.dumps(drawing) + "\n")
    with pytest.raises(ValueError, match="expected 1 or more drawings"):
        drawings(tmp_path, 0)


def test_the_table_has_a_row_for_every_change() -> None:
    rows = table({"dark frame": {"kept": 9.25, "likeness": 0.987, "milliseconds": 12.4}}).splitlines()
    assert rows[2:] == ["| dark frame | 9.2 | 0.99 | 12 |"]
