"""Close matches against galleries made by hand, and the same judgement as the search's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.matching import MODES, JudgedGallery, markdown, match_quality, without_category
from stnet.search import SearchEngine
from stnet.search.calibration import REFERENCE
from stnet.search.nonsense import COUNT
from tests.evaluation.toys import ToySuite
from tests.galleries import load, make_gallery


@pytest.fixture(scope="module")
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


class TwoThings(ToySuite):
    """Pictures of a circle or of a square, so that one can be left out."""

    def entry(self, index):
        entry = super().entry(index)
        return replace(entry, objects=entry.objects[-1:])


def nonsense(highest):
    """Scores (COUNT, 3): the reference scores -1 and 1 by turns, the rest `highest` on the last picture."""
    scores = torch.tensor([-1.0, 1.0]).repeat(COUNT // 2)[:, None].repeat(1, 3)
    scores[REFERENCE:] = torch.tensor([-9.0, -9.0, highest])
    return scores


def test_a_query_is_close_if_its_best_picture_stands_out_more_than_nonsense_does():
    gallery = JudgedGallery.of(nonsense(2.0))
    judged = gallery.judge(torch.tensor([[0.0, 3.0, 1.0], [1.0, 0.0, 0.5]]))
    deviation = torch.tensor([-1.0, 1.0]).repeat(REFERENCE // 2).std()
    assert judged.row.tolist() == [1, 0] and judged.close.tolist() == [True, False]
    assert np.allclose(judged.distinction, [3 / deviation, 1 / deviation])


def test_without_its_thing_a_query_is_judged_in_the_gallery_that_is_left():
    gallery = JudgedGallery.of(nonsense(2.0))
    scores = torch.tensor([[0.0, 3.0, 1.0], [1.0, 0.0, 0.5], [1.0, 0.0, 0.5]])
    shows = np.array([[False, True, False], [True, False, False], [False, False, True]])
    judged = without_category(gallery, scores, shows)
    assert judged.row.tolist() == [2, 2, 0]
    assert judged.close.tolist() == [False, False, True]  # nonsense reaches less where its picture is gone
    with pytest.raises(ValueError, match="no gallery is left"):
        without_category(gallery, scores, np.ones((3, 3), bool))


def test_it_judges_as_the_search_does(loaded, tiny_checkpoint, tmp_path):
    engine = SearchEngine.from_pretrained(tiny_checkpoint, make_gallery(tmp_path, tiny_checkpoint), "cpu")
    suite = TwoThings(size=24, queries=6)
    encoded = encode_suite(loaded.model, loaded.processor, suite)
    patches = engine.gallery.patch_features(np.arange(len(engine.gallery)))
    encoded = replace(encoded, patches=patches)
    figures = match_quality(loaded, encoded)
    for mode in MODES:
        close = []
        for query in encoded.queries:
            sketch = None if mode == "text" else Image.fromarray(255 - query.sketch)
            response = engine.search(sketch, None if mode == "sketch" else query.text)
            assert response.mode == mode and response.match is not None
            close.append(response.match.close)
        assert figures[mode]["present"] == pytest.approx(100 * np.mean(close))


def test_shares_are_per_cent_and_the_table_has_every_mode(loaded):
    suite = TwoThings()
    figures = match_quality(loaded, encode_suite(loaded.model, loaded.processor, suite))
    for row in figures.values():
        assert 0 <= row["absent"] <= 100 and 0 <= row["nonsense"] <= 100 and 0 <= row["AUC"] <= 1
        assert row["right queries"] <= row["category queries"] <= suite.asked
    lines = markdown(figures).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [f"| {mode}" for mode in MODES]
    assert lines[2].endswith(f"| {figures['sketch']['AUC']:.2f} |")


def test_a_suite_without_words_is_asked_by_sketch(loaded):
    encoded = encode_suite(loaded.model, loaded.processor, TwoThings(words=False))
    assert list(match_quality(loaded, encoded)) == ["sketch"]
