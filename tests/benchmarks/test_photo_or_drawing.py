from pathlib import Path

import pytest
from PIL import Image

from benchmarks.photo_or_drawing import measure, photos, table


def test_it_counts_what_is_taken_for_the_other(tmp_path: Path) -> None:
    Image.effect_mandelbrot((90, 60), (-2, -1, 1, 1), 30).convert("RGB").save(tmp_path / "photo.png")
    Image.new("RGB", (90, 60), "white").save(tmp_path / "white.png")
    figures = measure([Image.new("L", (80, 80), 255)], [tmp_path], 2)
    assert figures["drawing"] == {"pictures": 1, "mistaken": 0}
    assert figures[f"photo: {tmp_path}"]["pictures"] == 2
    assert figures[f"photo: {tmp_path}"]["mistaken"] >= 1  # the white one
    assert table({"drawing": figures["drawing"]}).splitlines()[2] == "| drawing | 1 | 0 |"


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected photos"):
        next(photos(tmp_path, 3))
