"""Concat's network: drawing and words side by side through an MLP, after Teotia's project report.

The same network as there around other convolutions, so that the method is compared and not the backbone:
what is ours is named in ConcatNetwork.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from stnet.systems.towers import unit

WEIGHTS_NAME, SIZES_NAME = "concat.safetensors", "concat.json"


@dataclass(frozen=True)
class ConcatSizes:
    """How wide the parts are.

    Attributes:
        picture, sketch: numbers in the frozen features of a picture and of a drawing.
        word: numbers in a word's embedding, as many as the checkpoint's text tower has.
        vocabulary: words and pieces.
        embedding: of queries and pictures, where they meet.
    """

    picture: int
    sketch: int
    word: int
    vocabulary: int
    embedding: int = 512


class ConcatNetwork(nn.Module):
    """[projected drawing; LSTM over the words] -> MLP -> query; projected picture -> target.

    As in the document: a convolutional network sees drawings and pictures, an LSTM reads the words, both are
    concatenated, an MLP makes the query; queries and targets are compared by the negative L2 distance of
    their unit vectors.

    Ours: the convolutions are the checkpoint's, frozen, one copy for pictures and one for drawings (there one
    ResNet-18, trained along), so each side has a linear layer that learns; words begin with the embeddings of
    the checkpoint's text tower; the distance is multiplied by a number that is learned, since the loss of
    unit vectors, at most 2 apart, hardly falls without; 10 % dropout in the MLP; a drawing without words
    meets zeros in the words' place.
    """

    def __init__(self, sizes: ConcatSizes) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.embedding
        self.sketch = nn.Linear(sizes.sketch, width)
        self.picture = nn.Linear(sizes.picture, width)
        self.words = nn.Embedding(sizes.vocabulary, sizes.word)
        self.reader = nn.LSTM(sizes.word, width, batch_first=True)
        self.compose = nn.Sequential(
            nn.Linear(2 * width, 2 * width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(2 * width, width)
        )
        self.log_scale = nn.Parameter(torch.tensor(2.0))

    def targets(self, pictures: Tensor) -> Tensor:
        """Frozen features of pictures (N, picture) -> (N, embedding), each of length one"""
        return unit(self.picture(pictures))

    def query(self, sketches: Tensor, text: Tensor) -> Tensor:
        """Features of drawings (q, sketch), texts as `read` gives them -> (q, embedding), of length one"""
        return unit(self.compose(torch.cat([self.sketch(sketches), text], dim=-1)))

    def read(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """The LSTM's output at each text's last word. (q, L), 0 in the mask for padding -> (q, embedding)"""
        outputs, _ = self.reader(self.words(input_ids))
        last = attention_mask.sum(1).clamp_min(1) - 1  # texts begin with a token and end with one
        return outputs[torch.arange(len(outputs), device=outputs.device), last]

    def no_words(self, count: int) -> Tensor:
        """What stands in for words of drawings alone: (count, embedding)"""
        return self.log_scale.new_zeros(count, self.sizes.embedding)

    def similarity(self, queries: Tensor, targets: Tensor) -> Tensor:
        """- scale x distance, (q, embedding), (N, embedding) of length one -> (q, N)"""
        squared = 2 - 2 * queries @ targets.T
        return -self.log_scale.exp() * squared.clamp_min(1e-8).sqrt()

    def save(self, folder: Path) -> None:
        """Write the weights and their sizes."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SIZES_NAME).write_text(json.dumps(asdict(self.sizes), indent=1) + "\n", encoding="utf-8")
        save_file(
            {name: value.contiguous() for name, value in self.state_dict().items()}, folder / WEIGHTS_NAME
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises ValueError if the folder holds no whole network."""
        try:
            sizes = json.loads((folder / SIZES_NAME).read_text(encoding="utf-8"))
            network = cls(ConcatSizes(**sizes))
            network.load_state_dict(load_file(folder / WEIGHTS_NAME))
        except (OSError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ValueError(
                f"{folder} holds no trained Concat ({reason}): train it with "
                "`python -m stnet.systems.train --config configs/systems/concat.yaml`"
            ) from error
        return network.eval()
