"""Text towers: from tokens to one feature vector."""

from torch import Tensor, nn
from transformers import AutoModel, CLIPTextConfig, CLIPTextModel
from transformers.configuration_utils import PretrainedConfig


class ClipText(CLIPTextModel):
    """CLIP's text transformer, read at <eos> (the paper's text encoder)."""

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """(B, L) -> (B, hidden)"""
        return super().forward(input_ids=input_ids, attention_mask=attention_mask).pooler_output


def mean_pooled(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """The average over a text's own tokens. (B, L, hidden) and (B, L), 0 for padding -> (B, hidden)"""
    weight = attention_mask[..., None].to(hidden.dtype)
    return (hidden * weight).sum(1) / weight.sum(1).clamp_min(1)


class MeanPooledText(nn.Module):
    """Any encoder that transformers knows, averaged over its tokens, as sentence embeddings are."""

    def __init__(self, config: PretrainedConfig) -> None:
        super().__init__()
        self.encoder = AutoModel.from_config(config)
        if getattr(self.encoder, "pooler", None) is not None:
            self.encoder.pooler = None  # BERT's reads the first token alone: weights for nothing

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """(B, L) -> (B, hidden)"""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return hidden.mean(1) if attention_mask is None else mean_pooled(hidden, attention_mask)


def build_text_tower(config: PretrainedConfig) -> ClipText | MeanPooledText:
    """The tower that `config` describes, with random weights."""
    return ClipText(config) if isinstance(config, CLIPTextConfig) else MeanPooledText(config)
