"""Duet's network: what turns drawings into pseudo words and pictures into vectors of the same space."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from stnet.systems.shared.stored_network import StoredNetwork


@dataclass(frozen=True)
class DuetSizes:
    """How wide the parts are.

    Attributes:
        picture, sketch: numbers in the frozen features of a picture and of a drawing.
        word: d, numbers in an embedding of the text transformer, and in what it makes of a text.
        prompt: pseudo words of the learned prompt, 3 in the paper.
    """

    picture: int
    sketch: int
    word: int
    prompt: int = 3


class DuetNetwork(StoredNetwork):
    """What learns: V's last step for pictures and drawings, the converter C_v2w, the prompt P^L.

    As in the paper: one converter makes a pseudo word of a drawing, s^w = C_v2w(s), and of the difference of
    picture and drawing, D^w = C_v2w(V(P+) - s); the learned prompt is 3 pseudo words before it.

    Ours, since neither code nor the numbers are published, and CLIP isn't underneath: a norm and a linear
    layer on frozen features, one for pictures and one for drawings, in the place of CLIP's norms, which learn
    there (V is then the mean of a picture's cells through these); C_v2w has three layers of d numbers, GELU
    and 10 % dropout between; the prompt begins as noise of the size of words.

    Attributes:
        text_probe: what the text transformer made of a text when this was trained, (d,): it must stay so.
    """

    name, called, sizes_type = "duet", "Duet", DuetSizes

    text_probe: Tensor

    def __init__(self, sizes: DuetSizes) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.word
        self.picture = nn.Sequential(nn.LayerNorm(sizes.picture), nn.Linear(sizes.picture, width))
        self.sketch = nn.Sequential(nn.LayerNorm(sizes.sketch), nn.Linear(sizes.sketch, width))
        self.converter = nn.Sequential(
            *(nn.Linear(width, width), nn.GELU(), nn.Dropout(0.1)),
            *(nn.Linear(width, width), nn.GELU(), nn.Dropout(0.1)),
            nn.Linear(width, width),
        )
        self.prompt = nn.Parameter(torch.randn(sizes.prompt, width) * 0.05)
        self.register_buffer("text_probe", torch.zeros(width))

    def pictures(self, features: Tensor) -> Tensor:
        """V of whole pictures or of their cells: frozen features (..., picture) -> (..., d)"""
        vectors: Tensor = self.picture(features)
        return vectors

    def drawings(self, features: Tensor) -> Tensor:
        """s of drawings: frozen features (q, sketch) -> (q, d)"""
        vectors: Tensor = self.sketch(features)
        return vectors

    def prompted(self, count: int, *vectors: Tensor) -> Tensor:
        """[P^L; C_v2w(vector); ...], of `count` rows. k vectors (count, d) -> (count, prompt + k, d)"""
        pseudo = [self.converter(each)[:, None] for each in vectors]
        return torch.cat([self.prompt.expand(count, -1, -1), *pseudo], dim=1)
