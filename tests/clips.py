"""CLIP checkpoints as people have them, tiny and with random weights."""

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

TINY = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
MEAN, STD = [0.48, 0.46, 0.41], [0.27, 0.26, 0.28]


def clip_tokenizer():
    """CLIP's tokenizer with single letters for a vocabulary."""
    letters = sorted(ByteLevel.alphabet())
    tokens = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={token: number for number, token in enumerate(tokens)}, merges=[])


def make_clip(folder, eos_token_id=513):
    """A CLIP checkpoint folder with random weights: model, tokenizer and preprocessor."""
    torch.manual_seed(0)
    config = CLIPConfig(
        vision_config={**TINY, "image_size": 32, "patch_size": 8},
        text_config={
            **TINY,
            "vocab_size": 514,
            "max_position_embeddings": 20,
            "bos_token_id": 512,
            "eos_token_id": eos_token_id,
            "pad_token_id": 513,
        },
        projection_dim=24,
    )
    clip = CLIPModel(config).eval()
    with torch.no_grad():
        for weight in clip.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    clip.save_pretrained(folder)
    clip_tokenizer().save_pretrained(folder)
    CLIPImageProcessorPil(image_mean=MEAN, image_std=STD).save_pretrained(folder)
    return clip
