"""A smaller encoder of words: which pieces stay, which weights it begins with, that it learns."""

import json

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

from stnet.training.smaller_text import SPECIAL, embed, kept_pieces, smaller_encoder, smaller_tokenizer, teach

WORDS = ("a", "cat", "dog", "##s", "red", "é", "unusual")
VOCABULARY = {piece: number for number, piece in enumerate((*SPECIAL, *WORDS))}


def described():
    tokenizer = Tokenizer(WordPiece(VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    ends = [(token, VOCABULARY[token]) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    tokenizer.add_special_tokens(list(SPECIAL))
    return json.loads(tokenizer.to_str())


def whole():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=4,
        num_attention_heads=2,
        max_position_embeddings=48,
    )
    return BertModel(config).eval()


def test_pieces_are_kept_because_they_are_used_and_then_by_their_order():
    used = {VOCABULARY["dog"]}
    assert kept_pieces(VOCABULARY, used, len(SPECIAL) + 3) == [*SPECIAL, "a", "dog", "##s"]
    with pytest.raises(ValueError, match="more than the 6 asked for"):
        kept_pieces(VOCABULARY, used, 6)


def test_what_stays_is_read_as_before():
    kept = [piece for piece in VOCABULARY if piece not in ("é", "unusual")]
    tokenizer = smaller_tokenizer(described(), kept)
    ids = tokenizer("a red cats")["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids) == ["[CLS]", "a", "red", "cat", "##s", "[SEP]"]
    assert tokenizer.convert_ids_to_tokens(tokenizer("unusual")["input_ids"])[1] == "[UNK]"
    big = whole()
    small = smaller_encoder(big, [VOCABULARY[piece] for piece in kept], 0, (1, 3))
    assert small.config.num_hidden_layers == 2 and small.config.vocab_size == len(kept)
    row = big.embeddings.word_embeddings.weight[VOCABULARY["red"]]
    assert torch.equal(small.embeddings.word_embeddings.weight[kept.index("red")], row)
    own, theirs = small.encoder.layer[1].state_dict(), big.encoder.layer[3].state_dict()
    assert all(torch.equal(own[name], theirs[name]) for name in own)


def test_it_learns_the_vectors_it_is_shown():
    tokenizer = smaller_tokenizer(described(), list(VOCABULARY))
    texts = ["a cat", "a red dog", "dogs"]
    torch.manual_seed(1)
    vectors, small = torch.randn(3, 16), smaller_encoder(whole(), range(len(VOCABULARY)), 0, (0,))

    def likeness():
        with torch.no_grad():
            return torch.cosine_similarity(embed(small, tokenizer, texts), vectors).mean().item()

    before = likeness()
    teach(small, tokenizer, texts, vectors, steps=30, learning_rate=1e-2)
    assert likeness() > before + 0.1
