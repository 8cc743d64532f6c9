"""The text transformer read from embeddings: real words in the place of pseudo words change nothing."""

import pytest
import torch

from stnet.model.modeling import STNetModel
from stnet.systems.duet.text import FrozenText, shortened
from tests.conftest import tiny_config


@pytest.fixture(scope="module")
def text(plain_pool):
    return FrozenText(plain_pool.model, plain_pool.processor)


def tokens_of(pool, words):
    ids, _ = pool.processor.text_batch([words])
    return ids[0, 1:-1]


@torch.no_grad()
def test_words_as_pseudo_words_are_words(plain_pool, text):
    whole = ["a red one on the beach", "a red one at night"]
    ids, mask = plain_pool.processor.text_batch(whole)
    expected = plain_pool.model.text_tower(input_ids=ids, attention_mask=mask)
    pseudo = text.words(tokens_of(plain_pool, "a red one")).expand(2, -1, -1)
    found = text.before_words(pseudo, ["on the beach", "at night"])
    torch.testing.assert_close(found, expected)
    last = text.words(tokens_of(plain_pool, "beach"))[None]
    torch.testing.assert_close(text.after_prompt("a red one on the", last), expected[:1])


@torch.no_grad()
def test_without_words_the_pseudo_words_are_all_there_is(plain_pool, text):
    ids, mask = plain_pool.processor.text_batch(["at night"])
    alone = text.before_words(text.words(tokens_of(plain_pool, "at night"))[None], None)
    torch.testing.assert_close(alone, plain_pool.model.text_tower(input_ids=ids, attention_mask=mask))


def test_gradients_reach_what_is_put_in_and_nothing_frozen(text):
    pseudo = torch.randn(2, 3, 16, requires_grad=True)
    text.before_words(pseudo, ["at night", ""]).sum().backward()
    assert pseudo.grad.abs().sum((1, 2)).gt(0).all()
    assert all(weight.grad is None for weight in text.tower.parameters())


@torch.no_grad()
def test_words_that_do_not_fit_are_cut(text):
    pseudo = torch.randn(1, 20, 16)  # of 24 places
    long = text.before_words(pseudo, ["a red one on the beach at night in a snowy field"])
    assert long.shape == (1, 16) and long.isfinite().all()


def test_short_texts_keep_their_end_and_long_ones_get_it_back():
    ids = torch.tensor([[1, 7, 8, 9, 3], [1, 7, 3, 0, 0]])
    mask = (ids > 0).long()
    cut, kept = shortened(ids, mask, 3)
    assert cut.tolist() == [[1, 7, 3], [1, 7, 3]] and kept.tolist() == [[1, 1, 1], [1, 1, 1]]
    cut, kept = shortened(ids, mask, 4)
    assert cut.tolist() == [[1, 7, 8, 3], [1, 7, 3, 0]] and kept.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0]]
    assert shortened(ids, mask, 5) == (ids, mask)


def test_a_tower_that_is_read_at_its_end_is_refused(plain_pool):
    with pytest.raises(ValueError, match="needs a text tower that averages its tokens"):
        FrozenText(STNetModel(tiny_config()), plain_pool.processor)
