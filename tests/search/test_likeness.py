from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from stnet.search import SearchEngine, SearchError
from stnet.search.encoding import QueryEncoder
from stnet.search.likeness import NO_EXAMPLE, WORDS
from stnet.search.query import read_query
from tests.galleries import draw_photo, make_gallery

WISH = "a red one on the beach"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> SearchEngine:
    folder = make_gallery(tmp_path_factory.mktemp("likeness"), tiny_checkpoint, count=8)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


def index_vectors(engine: SearchEngine) -> np.ndarray:
    rows = range(len(engine.gallery))
    return np.stack([engine.gallery.vector(row) for row in rows]).astype(np.float64)


def test_a_sent_picture_is_compared_as_the_stored_ones_are(engine: SearchEngine) -> None:
    stored = engine.search(text="red", top_k=8).results[3]
    found = engine.similar(image=stored.picture, top_k=8)
    assert (found.mode, found.text, found.results[0].id) == ("similar", "", stored.id)
    assert found.results[0].score > 0.98  # it was encoded before it was stored in fewer bytes
    others = [result.id for result in engine.similar(stored.id, 3).results]
    assert [result.id for result in found.results[1:4]] == others


def test_words_count_beside_the_picture_by_the_sum_of_both_cosines(engine: SearchEngine) -> None:
    row, vectors = 2, index_vectors(engine)
    query = read_query(engine.loaded.processor, None, WISH)
    with torch.inference_mode():
        words = QueryEncoder(engine.loaded).encode(query).query.double().numpy()
    expected = vectors @ vectors[row] + WORDS * vectors @ (words / np.linalg.norm(words))
    order = [engine.gallery.id(place) for place in np.argsort(-expected) if place != row]
    found = engine.similar(engine.gallery.id(row), 8, text=WISH)
    assert [result.id for result in found.results] == order
    assert (found.mode, found.text) == ("similar", WISH)
    assert all(-1 <= result.score <= 1 for result in found.results)


def test_words_beside_a_region_take_the_place_of_nothing_said(engine: SearchEngine) -> None:
    id, region = engine.gallery.id(0), (0.1, 0.2, 0.7, 0.8)
    alone = engine.similar(id, 7, region)
    with_wish = engine.similar(id, 7, region, text=WISH)
    assert [one.score for one in alone.results] != [one.score for one in with_wish.results]
    assert all(result.box is not None for result in with_wish.results)


def test_a_path_and_a_drawing_of_any_mode_are_read(engine: SearchEngine, tmp_path: Path) -> None:
    draw_photo(1).save(tmp_path / "photo.png")
    found = engine.similar(image=tmp_path / "photo.png", top_k=3)
    assert len(found.results) == 3
    for mode in ("L", "RGBA", "P"):
        assert len(engine.similar(image=draw_photo(1).convert(mode), top_k=3).results) == 3


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, NO_EXAMPLE),
        ({"id": "photo-00.png", "image": Image.new("RGB", (9, 9))}, NO_EXAMPLE),
        ({"id": "nobody"}, "has the id 'nobody'"),
        ({"image": 3}, "must be a picture or a path, got int"),
        ({"image": "nowhere.png"}, "can't be read"),
        ({"image": Image.new("RGB", (9, 9)), "text": 3}, "The words must be text, got int"),
        ({"image": Image.new("RGB", (9, 9)), "region": [0, 0, 0, 0]}, "region is too small"),
    ],
)
def test_what_names_no_picture_is_refused(
    engine: SearchEngine, asked: dict[str, object], reason: str
) -> None:
    with pytest.raises(SearchError, match=reason):
        engine.similar(**asked)  # type: ignore[arg-type]
