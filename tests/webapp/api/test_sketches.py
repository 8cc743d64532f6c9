import base64
import io
from pathlib import Path

import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from stnet.search import SearchError
from webapp.api.sketches import sent_sketch, uploaded_picture


def test_an_upload_is_read(tmp_path: Path) -> None:
    folder = Path(get_upload_folder()) / tmp_path.name
    folder.mkdir(parents=True)
    path = folder / "drawing.png"
    try:
        Image.new("RGB", (30, 20), "white").save(path)
        drawing = uploaded_picture({"path": str(path)}, "sketch")
        assert drawing is not None
        assert drawing.size == (30, 20)
    finally:
        path.unlink()
        folder.rmdir()
    assert uploaded_picture(None, "sketch") is None


def test_nothing_but_an_upload_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    Image.new("RGB", (30, 20)).save(outside)
    escaping = f"{get_upload_folder()}/../{outside.relative_to(outside.anchor)}"
    for file in (str(outside), {"path": str(outside)}, {"path": escaping}, {"path": 5}, {}, 5, "\0"):
        with pytest.raises(SearchError, match="uploaded picture"):
            uploaded_picture(file, "sketch")


def test_a_data_url_is_read_even_where_it_is_broken_into_lines() -> None:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(file, format="PNG")
    for content in (base64.b64encode(file.getvalue()), base64.encodebytes(file.getvalue())):
        drawing = sent_sketch(f"data:image/png;base64,{content.decode()}", None)
        assert drawing is not None
        assert drawing.size == (30, 20)


def test_strokes_are_drawn_and_nothing_is_nothing() -> None:
    drawing = sent_sketch(None, [[100, 100, 900, 900]])
    assert drawing is not None
    assert drawing.getextrema() == (0, 255)
    for nothing in (sent_sketch(None, None), sent_sketch("", [])):
        assert nothing is None
