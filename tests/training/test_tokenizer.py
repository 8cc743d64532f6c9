"""The small models' own tokenizer: where a text ends decides what the text tower pools."""

import pytest

from stnet.training.tokenizer import SPECIAL_TOKENS, train_tokenizer

TEXTS = ["a red one on the beach", "left of a green square at night", "behind the drum in a snowy field"] * 3


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(TEXTS, vocabulary=400, context=16)


def test_special_tokens_have_their_ids(tokenizer):
    assert tokenizer.convert_tokens_to_ids(list(SPECIAL_TOKENS)) == [0, 1, 2, 3]
    assert (tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id) == (0, 1, 3)
    assert tokenizer.eos_token_id != 2  # CLIP's text tower would pool at the largest id instead


def test_a_text_is_framed_once(tokenizer):
    ids = tokenizer("a red one")["input_ids"]
    assert ids[0] == 1 and ids[-1] == 3
    assert ids.count(1) == 1 and ids.count(3) == 1


def test_frequent_words_are_short_and_case_does_not_matter(tokenizer):
    assert len(tokenizer("on the beach")["input_ids"]) < len("on the beach")
    assert tokenizer("On The BEACH")["input_ids"] == tokenizer("on the beach")["input_ids"]


@pytest.mark.parametrize("text", ["ωκεανός", "沙滩上", "🦆 on a pond", "zyxwvut 9#@"])
def test_any_text_survives_byte_by_byte(tokenizer, text):
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.decode(ids, skip_special_tokens=True).strip() == text


def test_a_long_text_is_cut_to_the_context_and_still_ends(tokenizer):
    ids = tokenizer("on the beach " * 50, truncation=True)["input_ids"]
    assert len(ids) == 16 and ids[-1] == 3


def test_a_batch_is_padded_and_masked(tokenizer):
    batch = tokenizer(["a", "a red one on the beach"], padding=True)
    short, long = batch["input_ids"]
    assert len(short) == len(long)
    assert short[-1] == 0 and batch["attention_mask"][0][-1] == 0
    assert batch["attention_mask"][1] == [1] * len(long)


def test_the_vocabulary_has_its_limit():
    assert len(train_tokenizer(TEXTS, vocabulary=300)) <= 300
    assert len(train_tokenizer([], vocabulary=2_000)) == 256 + len(SPECIAL_TOKENS)


def test_training_is_deterministic_and_saved_whole(tokenizer, tmp_path):
    from transformers import PreTrainedTokenizerFast

    again = train_tokenizer(TEXTS, vocabulary=400, context=16)
    assert again.get_vocab() == tokenizer.get_vocab()
    tokenizer.save_pretrained(tmp_path)
    loaded = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    text = "left of the drum, 夜"
    assert loaded(text)["input_ids"] == tokenizer(text)["input_ids"]
    assert (loaded.model_max_length, loaded.eos_token_id) == (16, 3)
