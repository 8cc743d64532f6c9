import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from stnet.search.encoding import QueryEncoder, RecentVectors
from stnet.search.query import read_query
from tests.galleries import drawing, load

WORDS = "left of a green square"


@pytest.fixture
def loaded(tiny_checkpoint):
    return load(tiny_checkpoint)


@pytest.fixture
def encoded_texts(loaded, monkeypatch):
    """The tokens of every text that the model encodes, in order."""
    seen, encode = [], loaded.model.encode_text

    def counted(ids, mask):
        seen.append(tuple(ids[0].tolist()))
        return encode(ids, mask)

    monkeypatch.setattr(loaded.model, "encode_text", counted)
    return seen


@torch.inference_mode()
@pytest.mark.parametrize("share", [1.0, 0.4])
@pytest.mark.parametrize(
    ("sketch", "words"),
    [(drawing(), WORDS), (drawing(), None), (None, WORDS)],
    ids=["both", "sketch", "text"],
)
def test_the_vectors_are_the_models(loaded, sketch, words, share):
    loaded.model.config.sketch_share = share
    query = read_query(loaded.processor, sketch, words)
    tokens = {}
    if query.tokens is not None:
        tokens = {"input_ids": query.tokens.input_ids, "attention_mask": query.tokens.attention_mask}
    expected = loaded.model.encode_query(query.sketch, **tokens)
    encoder = QueryEncoder(loaded.model)
    for _ in range(2):  # the second time the words come from the kept vectors
        vectors = encoder.encode(query)
        assert torch.equal(vectors.sketch, expected["sketch"][0])
        assert torch.equal(vectors.query, expected["query"][0])
        if sketch is not None:  # in full, whatever the words weigh
            assert torch.equal(vectors.drawing, loaded.model.encode_sketch(query.sketch)[0])


@torch.inference_mode()
def test_the_same_drawing_is_encoded_once(loaded, monkeypatch):
    seen, encode = [], loaded.model.encode_sketch
    monkeypatch.setattr(loaded.model, "encode_sketch", lambda sketch: seen.append(1) or encode(sketch))
    encoder = QueryEncoder(loaded.model)
    for words in (WORDS, None):
        encoder.encode(read_query(loaded.processor, drawing(), words))
    assert len(seen) == 1
    other = drawing().rotate(90, expand=True)
    encoder.encode(read_query(loaded.processor, other, WORDS))
    assert len(seen) == 2


@torch.inference_mode()
def test_the_same_words_are_encoded_once(loaded, encoded_texts):
    encoder = QueryEncoder(loaded.model)
    for balance in (0.0, 0.5, -0.5):
        encoder.encode(read_query(loaded.processor, drawing(), WORDS, balance))
    assert len(encoded_texts) == 1
    encoder.encode(read_query(loaded.processor, drawing(), "left of a red square"))
    assert len(encoded_texts) == 2


def test_the_oldest_vectors_go_first():
    recent = RecentVectors(most=2)
    computed = []

    def ask(number):
        def compute():
            computed.append(number)
            return torch.tensor([float(number)])

        assert recent.get((number,), compute).item() == number

    for number in (1, 2, 1, 3, 1, 2):
        ask(number)
    assert computed == [1, 2, 3, 2]  # 3 pushed out 2, as 1 had been asked for since
    assert len(recent) == 2


def test_a_failure_is_not_kept():
    def fail():
        raise RuntimeError("out of memory")

    recent = RecentVectors()
    with pytest.raises(RuntimeError, match="out of memory"):
        recent.get((1,), fail)
    assert recent.get((1,), lambda: torch.ones(1)).item() == 1


def test_threads_share_the_kept_vectors():
    recent = RecentVectors(most=3)
    begin = threading.Barrier(8)

    def ask(number):
        begin.wait()
        return [recent.get((key % 5,), lambda key=key: torch.tensor([key % 5])).item() for key in range(300)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert answers == [[key % 5 for key in range(300)]] * 8
    assert len(recent) == 3
