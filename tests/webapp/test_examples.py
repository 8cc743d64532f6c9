import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from stnet.checkpoint import ASSETS
from stnet.data.categories import load_split
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import MANIFEST_NAME, read_manifest
from stnet.search import SearchEngine
from webapp.examples import FOLDER, STROKE_UNITS, Example, icon_style, load_examples
from webapp.query_panel import sketch_of


def test_the_examples_can_be_drawn_and_searched() -> None:
    examples = load_examples()
    assert len(examples) >= 8
    assert len({example.name for example in examples}) == len(examples)
    for example in examples:
        assert example.text
        assert example.name not in example.text
        assert all(len(stroke) >= 2 for stroke in example.strokes)
        assert all(
            0 <= value <= STROKE_UNITS for stroke in example.strokes for point in stroke for value in point
        )


def test_the_examples_are_things_that_the_demo_can_name() -> None:
    config = json.loads((ASSETS / "checkpoint" / "config.json").read_text(encoding="utf-8"))
    assert {example.name for example in load_examples()} <= {*config["drawn_names"], *load_split().names}


@pytest.mark.parametrize(
    "content", ["", "{}", '[{"name": "penguin"}]', '[{"name": "a", "text": "b", "strokes": [[1]]}]']
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "examples.json").write_text(content)
    if content == "{}":
        assert load_examples(tmp_path) == []
        return
    with pytest.raises(ValueError, match=r"examples\.json"):
        load_examples(tmp_path)


def test_strokes_are_pairs_and_a_gallery_may_be_named(tmp_path: Path) -> None:
    entry = {"name": "line", "text": "in the garden", "strokes": [[[0, 1], [2, 3]]]}
    (tmp_path / "examples.json").write_text(json.dumps([entry, entry | {"gallery": "Photographs"}]))
    anywhere, of_photographs = load_examples(tmp_path)
    assert anywhere.strokes == of_photographs.strokes == [[(0, 1), (2, 3)]]
    assert (anywhere.gallery, of_photographs.gallery) == (None, "Photographs")


def test_the_galleries_that_examples_name_are_shipped() -> None:
    shipped = {read_manifest(path.parent).name for path in ASSETS.glob(f"gallery*/{MANIFEST_NAME}")}
    assert {example.gallery for example in load_examples()} <= shipped | {None}


def test_every_example_finds_its_picture_first() -> None:
    """An example that begins with a wrong picture would make a sound search look broken."""
    photographs = SearchEngine.from_pretrained(ASSETS / "checkpoint", ASSETS / "gallery", "cpu")
    engines = {photographs.gallery.name: photographs}
    scenes = photographs.on(Gallery.open(ASSETS / "gallery-scenes"))
    engines[scenes.gallery.name] = scenes
    entries = json.loads((FOLDER / "examples.json").read_text(encoding="utf-8"))
    for example, entry in zip(load_examples(), entries, strict=True):
        drawing = sketch_of(example).draw()
        found = engines[str(example.gallery)].search(drawing, example.text, top_k=1).results[0].id
        assert found in entry["finds"], f"{example.name} {example.text}: {found}"


def test_photographs_come_first() -> None:
    shown = [example.gallery for example in load_examples()]
    assert shown[0] == read_manifest(ASSETS / "gallery").name
    assert shown == sorted(shown, key=shown.index)  # one gallery's examples stand together


def test_an_icon_is_the_drawing_as_lines() -> None:
    style = icon_style(3, Example("hut", "in the hills", [[(0, 256), (128, 0.5)], [(7, 7), (8, 8)]]))
    assert style.startswith("#example-3::before {")
    (address,) = re.findall(r'url\("([^"]+)"\)', style)
    (path,) = ElementTree.fromstring(unquote(address.partition(",")[2]))
    assert path.get("d") == "M0,256 128,0.5M7,7 8,8"
