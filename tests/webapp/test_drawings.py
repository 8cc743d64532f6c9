from pathlib import Path

import numpy as np
import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from stnet.search import SearchError
from webapp.drawings import PAPER, draw_strokes, drawing_on_sketchpad, on_sketchpad, uploaded_drawing

STROKES = [[(64.0, 64.0), (192.0, 64.0), (192.0, 192.0)]]


def ink(drawing: Image.Image) -> np.ndarray:
    return np.asarray(drawing.getchannel("A")) > 128


@pytest.mark.parametrize("value", [None, {}, {"background": None, "layers": [], "composite": None}])
def test_an_untouched_pad_holds_nothing(value: dict | None) -> None:
    assert drawing_on_sketchpad(value) is None


@pytest.mark.parametrize("colour", ["black", "white", "red"])
def test_ink_counts_whatever_its_colour(colour: str) -> None:
    layer = Image.new("RGBA", (PAPER, PAPER))
    layer.paste(colour, (100, 120, 200, 140))
    drawing = drawing_on_sketchpad({"background": Image.new("RGBA", layer.size, "white"), "layers": [layer]})
    assert drawing is not None
    assert drawing.getchannel("A").getbbox() == (100, 120, 200, 140)
    assert drawing.convert("RGB").getextrema() == ((0, 0), (0, 0), (0, 0))


def test_layers_add_up() -> None:
    layers = [Image.new("RGBA", (50, 50)) for _ in range(2)]
    layers[0].paste("black", (0, 0, 10, 10))
    layers[1].paste("black", (40, 40, 50, 50))
    drawing = drawing_on_sketchpad({"layers": layers})
    assert drawing is not None
    assert ink(drawing).sum() == 200


def test_without_layers_the_flat_picture_counts() -> None:
    flat = Image.new("RGB", (20, 20), "white")
    assert drawing_on_sketchpad({"background": None, "layers": [], "composite": flat}) is flat
    assert drawing_on_sketchpad({"background": flat, "layers": [], "composite": None}) is flat


def test_strokes_become_ink_where_they_are() -> None:
    drawing = draw_strokes(STROKES)
    assert drawing.size == (PAPER, PAPER)
    assert ink(drawing)[96, 200]  # y, x: on the first segment
    assert ink(drawing)[200, 288]  # on the second
    assert not ink(drawing)[200, 200]
    assert 0.005 < ink(drawing).mean() < 0.05


def test_a_drawing_survives_being_put_on_the_pad() -> None:
    drawing = draw_strokes(STROKES)
    back = drawing_on_sketchpad(on_sketchpad(drawing))
    assert back is not None
    assert back.tobytes() == drawing.tobytes()


def test_an_upload_is_read(tmp_path: Path) -> None:
    folder = Path(get_upload_folder()) / tmp_path.name
    folder.mkdir(parents=True)
    path = folder / "drawing.png"
    try:
        Image.new("RGB", (30, 20), "white").save(path)
        drawing = uploaded_drawing({"path": str(path)})
        assert drawing is not None
        assert drawing.size == (30, 20)
    finally:
        path.unlink()
        folder.rmdir()
    assert uploaded_drawing(None) is None


def test_nothing_but_an_upload_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    Image.new("RGB", (30, 20)).save(outside)
    escaping = f"{get_upload_folder()}/../{outside.relative_to(outside.anchor)}"
    for file in (str(outside), {"path": str(outside)}, {"path": escaping}, {"path": 5}, {}, 5, "\0"):
        with pytest.raises(SearchError, match="uploaded picture"):
            uploaded_drawing(file)
