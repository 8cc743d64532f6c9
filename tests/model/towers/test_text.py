"""Words become one vector: at their end, or as the average of their tokens."""

import torch
from transformers import BertConfig, CLIPTextConfig

from stnet.model.towers.text import ClipText, MeanPooledText, build_text_tower

SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}


@torch.no_grad()
def test_padding_changes_no_text():
    torch.manual_seed(0)
    tower = build_text_tower(BertConfig(vocab_size=40, max_position_embeddings=12, **SMALL)).eval()
    assert isinstance(tower, MeanPooledText)
    short, padded = torch.tensor([[2, 7, 3]]), torch.tensor([[2, 7, 3, 0, 0]])
    alone = tower(short)
    assert alone.shape == (1, 16)
    assert torch.allclose(tower(padded, (padded != 0).long()), alone, atol=1e-6)
    hidden = tower.encoder(input_ids=short).last_hidden_state
    assert torch.allclose(alone, hidden.mean(1), atol=1e-6)


@torch.no_grad()
def test_clip_is_read_at_the_end():
    torch.manual_seed(0)
    ends = {"bos_token_id": 38, "eos_token_id": 39}
    tower = build_text_tower(
        CLIPTextConfig(vocab_size=40, max_position_embeddings=12, **ends, **SMALL)
    ).eval()
    assert isinstance(tower, ClipText)
    ids = torch.tensor([[38, 7, 39, 0]])
    later = torch.tensor([[38, 7, 39, 5]])  # what follows the end isn't read
    assert torch.allclose(tower(ids), tower(later), atol=1e-6)
