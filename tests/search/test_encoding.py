import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

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
    encoder = QueryEncoder(loaded)
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
    encoder = QueryEncoder(loaded)
    for words in (WORDS, None):
        encoder.encode(read_query(loaded.processor, drawing(), words))
    assert len(seen) == 1
    other = drawing().rotate(90, expand=True)
    encoder.encode(read_query(loaded.processor, other, WORDS))
    assert len(seen) == 2


@torch.inference_mode()
def test_the_same_words_are_encoded_once(loaded, encoded_texts):
    encoder = QueryEncoder(loaded)
    for balance in (0.0, 0.5, -0.5):
        encoder.encode(read_query(loaded.processor, drawing(), WORDS, balance))
    assert len(encoded_texts) == 1
    encoder.encode(read_query(loaded.processor, drawing(), "left of a red square"))
    assert len(encoded_texts) == 2


@pytest.fixture
def naming(loaded):
    """The model takes drawings for one of three things, and what it takes them for counts as said."""
    torch.manual_seed(0)
    loaded.model.naming_head = torch.nn.Linear(16, 3)
    loaded.model.config.drawn_names = ["cat", "cup", "sea"]
    loaded.model.config.names_share = 0.7
    return loaded


def said(loaded, text):
    ids, mask = loaded.processor.text_batch([text])
    return loaded.model.encode_text(ids, mask)[0]


def heard(loaded, drawn, words, plain):
    """h_T with the names, one by one."""
    chances = loaded.model.name_sketch(drawn[None])[0].tolist()
    named = [said(loaded, f"a {name} {words}") - plain for name in loaded.model.config.drawn_names]
    return plain + 0.7 * sum(chance * step for chance, step in zip(chances, named, strict=True))


@torch.inference_mode()
@pytest.mark.parametrize("words", [WORDS, None])
def test_what_a_drawing_is_taken_for_counts_as_said(naming, words):
    query = read_query(naming.processor, drawing(), words)
    vectors = QueryEncoder(naming).encode(query)
    plain = naming.model.neutral_text if words is None else said(naming, words)
    text = heard(naming, vectors.drawing, words or "", plain)
    torch.testing.assert_close(vectors.query, text * vectors.sketch, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(vectors.query, plain * vectors.sketch, atol=1e-3)


@torch.inference_mode()
def test_with_the_drawing_its_names_fade(naming):
    encoder, read = QueryEncoder(naming), naming.processor
    words_alone = encoder.encode(read_query(read, None, WORDS)).query
    nearly = encoder.encode(read_query(read, drawing(), WORDS, -0.9999)).query
    torch.testing.assert_close(nearly, words_alone, atol=1e-2, rtol=1e-2)
    drawn_alone = encoder.encode(read_query(read, drawing(), None)).query
    nearly = encoder.encode(read_query(read, drawing(), WORDS, 0.9999)).query
    torch.testing.assert_close(nearly, drawn_alone, atol=1e-2, rtol=1e-2)


@torch.inference_mode()
def test_nothing_is_guessed_beside_a_name_that_somebody_gave(naming):
    query = read_query(naming.processor, drawing(), WORDS)
    vectors = QueryEncoder(naming).encode(replace(query, guess=False))
    torch.testing.assert_close(vectors.query, said(naming, WORDS) * vectors.sketch, atol=1e-6, rtol=1e-5)


@torch.inference_mode()
def test_names_are_encoded_together_and_once(naming, encoded_texts):
    encoder, query = QueryEncoder(naming), read_query(naming.processor, drawing(), WORDS)
    for _ in range(2):
        encoder.encode(query)
    assert len(encoded_texts) == 2  # the words, and three names before them in one batch
    encoder.encode_drawing(query)
    assert len(encoded_texts) == 2


def test_vectors_that_are_missing_are_computed_together():
    recent, computed = RecentVectors(most=3), []

    def compute(keys):
        computed.append(keys)
        return [torch.tensor([float(key)]) for key in keys]

    assert [vector.item() for vector in recent.get_all([1, 2], compute)] == [1, 2]
    assert [vector.item() for vector in recent.get_all([3, 1, 3], compute)] == [3, 1, 3]
    assert recent.get_all([4, 5], compute)[1].item() == 5
    assert computed == [[1, 2], [3], [4, 5]] and len(recent) == 3


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
