"""Candidates for the page's examples: what counts as right, and that the page can read them."""

import json
from pathlib import Path

import pytest

from scripts.choose_examples import MOST_STROKES, Question, ask, lines_of, main, questions
from stnet.data.drawings.drawings import held_out_strokes
from stnet.search import SearchEngine
from tests.galleries import load, make_photos
from webapp.examples import STROKE_UNITS, load_examples


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> Path:
    """Four pictures with a cat on the beach, one of them with a dog that nobody drew, too."""
    from index_builder import build_gallery, open_source

    photos = make_photos(tmp_path_factory.mktemp("examples") / "photos", 4)
    known = [
        {
            "file_name": f"photo-0{number}.png",
            "place": "beach",
            "objects": {"category": ["cat", "dog"] if number == 2 else ["cat"]},
        }
        for number in range(4)
    ]
    (photos / "metadata.jsonl").write_text("\n".join(map(json.dumps, known)))
    build_gallery(open_source(str(photos)), load(tiny_checkpoint), photos.parent / "gallery", name="Cats")
    return photos.parent / "gallery"


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty drawings of cats, every other one with too many strokes."""
    folder = tmp_path_factory.mktemp("drawings")
    lines = [
        {
            "category": "cat",
            "id": str(number),
            "strokes": [[[0, 50, 90], [number, 90, 10]]] * (1 + number % 2 * MOST_STROKES),
        }
        for number in range(40)
    ]
    (folder / "cats.ndjson").write_text("\n".join(map(json.dumps, lines)))
    return folder


def test_the_page_can_read_what_is_printed_and_it_is_the_same_again(
    gallery: Path,
    drawings: Path,
    tiny_checkpoint: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["--checkpoint", str(tiny_checkpoint), "--gallery", str(gallery), "--drawings", str(drawings)]
    assert main(command) == 0
    printed = capsys.readouterr()
    assert "Cats: 1 things can be found" in printed.err
    (tmp_path / "examples.json").write_text(printed.out)
    (example,) = load_examples(tmp_path)
    assert (example.name, example.text, example.gallery) == ("cat", "on the beach", "Cats")
    assert len(example.strokes) == 1
    assert all(0 <= value <= STROKE_UNITS for line in example.strokes for point in line for value in point)
    (entry,) = json.loads(printed.out)
    assert entry["picture"].startswith("photo-0")
    assert main(command) == 0
    assert capsys.readouterr().out == printed.out


def test_only_a_right_picture_at_rank_one_makes_a_candidate(
    gallery: Path, drawings: Path, tiny_checkpoint: Path
) -> None:
    engine = SearchEngine.from_pretrained(tiny_checkpoint, gallery, "cpu")
    asked = {question.thing: question for question in questions(engine.gallery)}
    assert asked["dog"] == Question("dog", "on the beach", frozenset({"photo-02.png"}))
    lines = lines_of(held_out_strokes(drawings)["cat"][0][1])
    found = ask(engine, asked["cat"], lines)
    assert found is not None
    others = frozenset({"photo-00.png", "photo-01.png", "photo-02.png", "photo-03.png"} - {found.picture})
    assert ask(engine, Question("cat", "on the beach", others), lines) is None
    alone = ask(engine, Question("cat", "on the beach", frozenset({found.picture})), lines)
    assert alone is not None
    assert 0 < alone.margin <= found.margin


def test_a_folder_without_drawings_is_said(
    gallery: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--checkpoint", str(tiny_checkpoint), "--gallery", str(gallery)]
    assert main([*places, "--drawings", str(tmp_path)]) == 2
    assert "no held-out drawings" in capsys.readouterr().err
