"""Duet's network: what turns drawings into pseudo words and pictures into vectors of the same space."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

WEIGHTS_NAME, SIZES_NAME = "duet.safetensors", "duet.json"


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


class DuetNetwork(nn.Module):
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

    def save(self, folder: Path) -> None:
        """Write the weights and their sizes."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SIZES_NAME).write_text(json.dumps(asdict(self.sizes), indent=1) + "\n", encoding="utf-8")
        weights = {name: value.contiguous() for name, value in self.state_dict().items()}
        save_file(weights, folder / WEIGHTS_NAME)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises ValueError if the folder holds no whole network."""
        try:
            sizes = json.loads((folder / SIZES_NAME).read_text(encoding="utf-8"))
            network = cls(DuetSizes(**sizes))
            network.load_state_dict(load_file(folder / WEIGHTS_NAME))
        except (OSError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ValueError(
                f"{folder} holds no trained Duet ({reason}): train it with "
                "`python -m stnet.systems.train --config configs/systems/duet.yaml`"
            ) from error
        return network.eval()
