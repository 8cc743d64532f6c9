"""Concat's network: drawing and words side by side through an MLP, after Teotia's project report.

The same network as there around other convolutions, so that the method is compared and not the backbone:
what is ours is named in ConcatNetwork.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from stnet.systems.shared.stored_network import StoredNetwork
from stnet.systems.towers import unit


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


class ConcatNetwork(StoredNetwork):
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

    name, called, sizes_type = "concat", "Concat", ConcatSizes

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
