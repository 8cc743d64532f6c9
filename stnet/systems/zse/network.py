"""ZSE-SBIR's network: self-attention with a retrieval token, cross-attention both ways, a relation network.

After "Zero-Shot Everything Sketch-Based Image Retrieval", as "Sketch-based Image Retrieval System" (ZSE-SBIR
with CLIP clusters) describes it. Ours, for small inputs and the frozen networks that all systems share: the
sizes, the pictures' tokenizer (see there), and where a retrieval token begins. The published one is the class
token of a transformer that knew pictures before; here it begins with what the frozen network of its side made
of the whole drawing or picture. From pixels alone, drawings learned nothing that held for new pictures.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stnet.systems.shared.stored_network import StoredNetwork
from stnet.systems.zse.tokenizer import PATCH, DrawingTokenizer, PictureTokenizer

POOLED = 2  # patches a side that one token of the relation network stands for


@dataclass(frozen=True)
class ZseSizes:
    """How large the parts are.

    Attributes:
        channels, side: of a drawing's pixels.
        drawn: numbers in the frozen network's vector of a drawing.
        fine, coarse: channels of the pictures' maps at strides 16 and 32.
        grid: patches a side, of drawings and pictures alike.
        width: numbers in a token; `heads` and `layers` of its self-attention.
    """

    channels: int
    side: int
    drawn: int
    fine: int
    coarse: int
    grid: int
    width: int = 128
    heads: int = 4
    layers: int = 1

    def __post_init__(self) -> None:
        if self.side != self.grid * PATCH or self.grid % POOLED:
            raise ValueError(
                f"drawings of {self.side} pixels need an even grid of {self.side / PATCH:g} patches, as "
                f"pictures have; got {self.grid}"
            )


class Tokens(NamedTuple):
    """The retrieval token (B, width) and the visual tokens (B, P, width) after self-attention."""

    retrieval: Tensor
    visual: Tensor


class CrossAttention(nn.Module):
    """Tokens of one side ask those of the other; residual, norm, and a feed-forward network behind."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))

    def forward(self, own: Tensor, other: Tensor) -> Tensor:
        """own (B, P, width), updated by what it finds in other (B, N, width) -> (B, P, width)"""
        found, _ = self.attention(own, other, other, need_weights=False)
        attended = self.norms[0](own + found)
        updated: Tensor = self.norms[1](attended + self.feed(attended))
        return updated


class ZseNetwork(StoredNetwork):
    """Tokens -> self-attention, shared by both sides -> cross-attention -> relation score."""

    name, called, sizes_type = "zse", "ZSE-SBIR", ZseSizes

    def __init__(self, sizes: ZseSizes) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.width
        self.drawing_tokens = DrawingTokenizer(sizes.channels, width)
        self.picture_tokens = PictureTokenizer(sizes.fine, sizes.coarse, width)
        self.retrieval_token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.known_drawing = nn.Linear(sizes.drawn, width)
        self.known_picture = nn.Linear(sizes.coarse, width)
        self.position = nn.Parameter(torch.randn(1, sizes.grid**2 + 1, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, sizes.heads, 2 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.self_attention = nn.TransformerEncoder(layer, sizes.layers, enable_nested_tensor=False)
        self.cross_attention = CrossAttention(width, sizes.heads)
        pairs = (sizes.grid // POOLED) ** 4
        self.relation = nn.Sequential(
            *(nn.Linear(pairs, 64), nn.ReLU(), nn.Dropout(0.1)),
            *(nn.Linear(64, 16), nn.ReLU(), nn.Dropout(0.1)),
            nn.Linear(16, 1),
        )

    def drawings(self, values: Tensor, known: Tensor) -> Tokens:
        """Pixels of drawings, (B, C, s, s), as STNetProcessor makes them, and frozen vectors, (B, drawn).

        Blank ones are drawings, too.
        """
        return self._attend(self.known_drawing(known), self.drawing_tokens(values))

    def pictures(self, fine: Tensor, coarse: Tensor) -> Tokens:
        """Maps of pictures at strides 16 and 32."""
        return self._attend(self.known_picture(coarse.mean(dim=(2, 3))), self.picture_tokens(fine, coarse))

    def _attend(self, known: Tensor, tokens: Tensor) -> Tokens:
        begun = self.retrieval_token + known[:, None]
        both = self.self_attention(torch.cat([begun, tokens], dim=1) + self.position)
        return Tokens(both[:, 0], both[:, 1:])

    def relate(self, drawings: Tensor, pictures: Tensor) -> Tensor:
        """Relation scores of pairs in 0..1. visual tokens (B, P, width), (B, P, width) -> (B,)

        The kernel matrix holds the cosines of all pairs of tokens after cross-attention, neighbours averaged
        so that a token keeps its place on the grid.
        """
        drawn = self._pooled(self.cross_attention(drawings, pictures))
        shown = self._pooled(self.cross_attention(pictures, drawings))
        logits: Tensor = self.relation((drawn @ shown.transpose(1, 2)).flatten(1))
        return logits[:, 0].sigmoid()

    def _pooled(self, tokens: Tensor) -> Tensor:
        """(B, P, width) -> averages of 2 x 2 patches, (B, P / 4, width), each of length one"""
        side = self.sizes.grid
        maps = tokens.transpose(1, 2).unflatten(2, (side, side))
        return F.normalize(F.avg_pool2d(maps, POOLED).flatten(2).transpose(1, 2), dim=-1)
