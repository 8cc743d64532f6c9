"""The canvas's value: what is let in, and what is drawn from it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from stnet.model.ink import ink_of
from webapp.canvas.strokes import GRID, MOST_POINTS, MOST_STROKES, Sketch, SketchError


def picture_file(folder: Path, *, paper: str = "white", ink: str = "black") -> Path:
    """A filled square in the middle of a picture twice as wide as it is high."""
    picture = Image.new("RGB", (200, 100), paper)
    ImageDraw.Draw(picture).rectangle((80, 30, 119, 69), fill=ink)
    picture.save(folder / "drawing.png")
    return folder / "drawing.png"


def read(value: Any, folder: Path) -> Sketch | None:
    return Sketch.from_value(json.loads(json.dumps(value)), folder)


@pytest.mark.parametrize(
    "value", [None, "", {}, {"strokes": []}, {"strokes": [], "picture": None}, {"strokes": None}]
)
def test_empty_paper_is_no_sketch(value: Any, tmp_path: Path) -> None:
    assert read(value, tmp_path) is None


def test_strokes_arrive_as_they_were_sent(tmp_path: Path) -> None:
    sketch = read({"strokes": [[0, 0, GRID, GRID], [5, 7]], "picture": None}, tmp_path)
    assert sketch == Sketch(((0, 0, GRID, GRID), (5, 7)), None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([[0, 0, 1, 1]], "got list"),
        ("drawing.png", "got str"),
        (7, "got int"),
        ({"strokes": "0,0"}, "list of lists"),
        ({"strokes": {"0": [1, 1]}}, "list of lists"),
        ({"strokes": [[0, 0], 3]}, "list of lists"),
        ({"strokes": [[]]}, "Stroke 1 has 0 numbers"),
        ({"strokes": [[1, 1], [1, 2, 3]]}, "Stroke 2 has 3 numbers"),
        ({"strokes": [[0, GRID + 1]]}, "Stroke 1 has 1024: expected whole numbers from 0 to 1023"),
        ({"strokes": [[-1, 0]]}, "Stroke 1 has -1"),
        ({"strokes": [[0.5, 0]]}, "Stroke 1 has 0.5"),
        ({"strokes": [[float("nan"), 0]]}, "Stroke 1 has nan"),
        ({"strokes": [[True, 0]]}, "Stroke 1 has True"),
        ({"strokes": [[None, 0]]}, "Stroke 1 has None"),
        ({"strokes": [["9" * 500, 0]]}, "Stroke 1 has '999"),
        ({"strokes": [[[1, 2], [3, 4]]]}, r"Stroke 1 has \[1, 2\]"),
        ({"picture": 3}, "must be a file that was uploaded"),
        ({"picture": {}}, "must be a file that was uploaded"),
        ({"picture": {"path": None}}, "must be a file that was uploaded"),
        ({"picture": {"path": "/etc/passwd"}}, "must be a file that was uploaded"),
        ({"picture": {"path": "https://198.51.100.7/a.png"}}, "must be a file that was uploaded"),
        ({"picture": {"path": "\0"}}, "must be a file that was uploaded"),
    ],
)
def test_anything_else_is_refused_with_a_reason(value: Any, text: str, tmp_path: Path) -> None:
    with pytest.raises(SketchError, match=text) as refusal:
        read(value, tmp_path)
    assert len(str(refusal.value)) < 200


def test_strokes_and_points_are_bounded(tmp_path: Path) -> None:
    assert read({"strokes": [[1, 1]] * MOST_STROKES}, tmp_path) is not None
    with pytest.raises(SketchError, match="201 strokes, more than 200"):
        read({"strokes": [[1, 1]] * (MOST_STROKES + 1)}, tmp_path)
    assert read({"strokes": [[1, 1] * MOST_POINTS]}, tmp_path) is not None
    with pytest.raises(SketchError, match="5,001 points, more than 5,000"):
        read({"strokes": [[1, 1] * (MOST_POINTS // 2), [1, 1] * (MOST_POINTS // 2 + 1)]}, tmp_path)


def test_a_picture_must_lie_among_the_uploads(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    inside, outside = picture_file(uploads), picture_file(tmp_path)
    sketch = read({"strokes": [], "picture": {"path": str(inside)}}, uploads)
    assert sketch == Sketch(picture=inside.resolve())
    (uploads / "link.png").symlink_to(outside)
    for path in (outside, uploads / ".." / "drawing.png", uploads / "link.png", tmp_path / "absent.png"):
        with pytest.raises(SketchError, match="must be a file that was uploaded"):
            read({"picture": {"path": str(path)}}, uploads)
    for path in (uploads, uploads / "absent.png"):
        with pytest.raises(SketchError, match="no longer on the server"):
            read({"picture": {"path": str(path)}}, uploads)


def test_ink_is_where_the_strokes_are() -> None:
    paper = np.asarray(Sketch(((256, 512, 767, 512), (900, 100))).draw(128))
    assert paper.shape == (128, 128)
    line = paper[64, 32:96]
    assert (line == 0).all()
    assert paper[round(100 / 8), round(900 / 8)] == 0  # one point is a dot
    paper = paper.copy()
    paper[61:68, 30:99] = 255
    paper[9:17, 109:117] = 255
    assert (paper == 255).all()


def test_the_pen_is_as_wide_on_any_paper() -> None:
    sketch = Sketch(((0, 512, GRID, 512),))
    widths = [
        float((255 - np.asarray(sketch.draw(size))[:, size // 2].astype(float)).sum() / 255) / size
        for size in (128, 384, 512)
    ]
    assert widths == pytest.approx([1 / 64] * 3, rel=0.1)


def test_lines_of_another_scale_are_put_on_the_grid() -> None:
    sketch = Sketch.from_lines([[(0, 0), (128, 256)], [(300, -4)]], side=256)
    assert sketch.strokes == ((0, 0, 512, GRID), (GRID, 0))
    with pytest.raises(SketchError, match="Stroke 1 has 0 numbers"):
        Sketch.from_lines([[]], side=256)


def test_a_picture_alone_comes_as_it_is(tmp_path: Path) -> None:
    drawn = Sketch(picture=picture_file(tmp_path)).draw()
    assert drawn.size == (200, 100)
    assert drawn.mode == "RGB"


@pytest.mark.parametrize(("paper", "ink"), [("white", "black"), ("black", "white")])
def test_strokes_lie_over_the_ink_of_a_picture(tmp_path: Path, paper: str, ink: str) -> None:
    file = picture_file(tmp_path, paper=paper, ink=ink)
    drawn = np.asarray(Sketch(((0, 100, GRID, 100),), file).draw(100))
    assert drawn.shape == (100, 100)
    # 200 x 100 on 100 x 100: half as large, in the middle
    assert (drawn[42:58, 42:58] == 0).all()
    assert drawn[50, 20] == 255
    assert (drawn[10, :] < 128).all()
    assert (drawn[90, :] == 255).all()


def test_a_picture_without_ink_leaves_the_strokes(tmp_path: Path) -> None:
    blank = tmp_path / "blank.png"
    Image.new("RGB", (50, 50), "white").save(blank)
    strokes = ((10, 10, 900, 900),)
    assert Sketch(strokes, blank).draw(64).tobytes() == Sketch(strokes).draw(64).tobytes()


def test_a_damaged_picture_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    with pytest.raises(SketchError, match="can't be read"):
        Sketch(picture=broken).draw()


def test_the_paper_as_a_file_is_the_same_drawing(tmp_path: Path) -> None:
    paper = Sketch(((300, 300, 700, 300, 500, 800, 300, 300),)).draw()
    paper.save(tmp_path / "paper.png")
    here, there = ink_of(paper), ink_of(Image.open(tmp_path / "paper.png"))
    assert here is not None
    assert there is not None
    assert here.tobytes() == there.tobytes()
    assert ink_of(Sketch().draw()) is None


def test_the_component_speaks_sketches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gradio as gr

    from webapp.canvas import SketchCanvas

    canvas = SketchCanvas(render=False, elem_id="sketch", label="A thing")
    assert canvas.postprocess(None) == {"strokes": [], "picture": None, "photo": False}
    assert canvas.preprocess(canvas.postprocess(None)) is None
    sketch = Sketch(((1, 2, 3, 4),))
    assert canvas.preprocess(canvas.postprocess(sketch)) == sketch
    assert canvas.postprocess(canvas.example_payload())["strokes"] == canvas.example_payload()["strokes"]
    with pytest.raises(gr.Error, match="whole numbers") as refusal:
        canvas.preprocess({"strokes": [["a", 0]]})
    assert not refusal.value.print_exception
    config = canvas.get_config()
    assert config["label"] == "A thing"
    assert config["value"] == {"strokes": [], "picture": None, "photo": False}
    json.dumps(config)


def test_its_scripts_and_styles_are_files_of_one_component() -> None:
    from webapp.canvas.component import FOLDER, SCRIPTS

    assert {path.stem for path in FOLDER.glob("*.js")} == set(SCRIPTS)
    template = (FOLDER / "canvas.html").read_text() + (FOLDER / "canvas.css").read_text()
    # to Gradio these are templates: nothing in them may look like something to fill in
    assert not any(sign in template for sign in ("${", "{{", "`", "\\"))
    assert "http" not in template
