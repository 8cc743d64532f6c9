import json

import pytest
from PIL import Image

from stnet.search import SearchEngine
from tests.galleries import drawing, make_gallery


@pytest.fixture(scope="module")
def engine(tiny_checkpoint, tmp_path_factory):
    folder = make_gallery(tmp_path_factory.mktemp("results"), tiny_checkpoint, count=6)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def test_the_contract(engine):
    answer = engine.search(drawing(), "a red one", top_k=2).to_dict(["a.jpg", "b.jpg"], ["c.jpg", "d.jpg"])
    assert json.loads(json.dumps(answer)) == answer
    before = ["query", "gallery", "model", "timings_ms", "match", "guesses"]
    assert list(answer) == [*before, "total", "sought", "results"]
    assert answer["guesses"] == []  # this checkpoint names no drawings
    assert answer["query"] == {
        "mode": "sketch+text",
        "text": "a red one",
        "truncated": False,
        "excluded": "",
        "things": 2,
        "balance": 0.0,
    }
    assert answer["gallery"] == {"name": "gallery", "size": 6}
    assert list(answer["timings_ms"]) == ["encode", "candidates", "rerank", "localize", "total"]
    first, second = answer["results"]
    assert list(first) == [
        "rank",
        "id",
        "score",
        "percentile",
        "box",
        "boxes",
        "metadata",
        "image",
        "heatmap",
    ]
    assert (first["rank"], first["image"], first["heatmap"]) == (1, "a.jpg", "c.jpg")
    assert (second["rank"], second["image"], second["heatmap"]) == (2, "b.jpg", "d.jpg")
    assert len(first["box"]) == 4 and first["metadata"] == {}


def test_places_that_do_not_fit_the_results_are_refused(engine):
    with pytest.raises(ValueError, match="zip"):
        engine.search(text="red", top_k=2).to_dict(["one.jpg"])


def test_pictures_are_saved_by_rank(engine, tmp_path):
    response = engine.search(drawing(), None, top_k=2)
    images, heatmaps = response.save_pictures(tmp_path / "out")
    assert images == [str(tmp_path / "out" / name) for name in ("01.jpg", "02.jpg")]
    assert heatmaps == [str(tmp_path / "out" / name) for name in ("01-heatmap.jpg", "02-heatmap.jpg")]
    for path in images + heatmaps:
        with Image.open(path) as picture:
            assert picture.size == (96, 64)
    images, heatmaps = engine.similar("photo-00.png", 2).save_pictures(tmp_path / "similar")
    assert heatmaps == [None, None]


def test_the_overlay_fades_and_the_box_can_be_left_out(engine):
    result = engine.search(drawing(), None, top_k=1).results[0]
    assert result.overlay(0.0, box=False).tobytes() == result.picture.tobytes()
    assert result.overlay(0.0).tobytes() != result.picture.tobytes()
    with pytest.raises(ValueError, match=r"opacity must be in 0\.\.1"):
        result.overlay(2.0)
