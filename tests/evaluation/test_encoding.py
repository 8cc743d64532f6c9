"""A suite as the towers see it is what a search makes of the same queries, names of drawings and all."""

import numpy as np
import pytest
import torch
from PIL import Image

from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.ranking import modality_queries
from stnet.evaluation.suites.base import Entry, SuiteQuery
from stnet.search.encoding import QueryEncoder
from stnet.search.query import read_query
from tests.systems.toys import loaded_model

WORDS = ["a red one on the beach", "behind the drum", "at night"]


def ink(number):
    """A ring of another size for every number, ink high."""
    y, x = np.mgrid[:64, :64] - 32
    away = np.hypot(x, y)
    return (255 * (np.abs(away - 12 - 5 * number) < 2)).astype(np.uint8)


class ThreeRings:
    """Three blank pictures, each asked for by a ring and words."""

    name, complete = "rings", True

    def __init__(self, texts):
        self.texts = texts

    def __len__(self):
        return len(self.texts)

    def entry(self, index):
        query = SuiteQuery(index, "ring", (), ink(index), self.texts[index])
        return Entry(np.full((64, 64, 3), 60 * index, np.uint8), (), (query,))


@pytest.fixture(scope="module", params=[0.0, 0.7], ids=["as in the paper", "with names"])
def loaded(request):
    return loaded_model(names_share=request.param, sketch_share=0.5)


@torch.inference_mode()
@pytest.mark.parametrize("worded", [True, False], ids=["words", "drawings alone"])
def test_a_suite_asks_as_a_search_does(loaded, worded):
    texts = WORDS if worded else [None] * 3
    encoded = encode_suite(loaded.model, loaded.processor, ThreeRings(texts))
    queries = modality_queries(loaded.model, encoded)
    assert set(queries) == ({"sketch+text", "sketch", "text"} if worded else {"sketch"})
    encoder = QueryEncoder(loaded)
    for mode, asked in queries.items():
        for number, words in enumerate(texts):
            drawing = None if mode == "text" else Image.fromarray(255 - ink(number))
            said = None if mode == "sketch" else words
            vectors = encoder.encode(read_query(loaded.processor, drawing, said))
            torch.testing.assert_close(asked.sketch[number], vectors.sketch, atol=1e-5, rtol=1e-4)
            torch.testing.assert_close(asked.query[number], vectors.query, atol=1e-5, rtol=1e-4)
