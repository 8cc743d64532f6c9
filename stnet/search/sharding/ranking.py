"""The two stages of a search over shards: candidates of all of them, each scored where it lies."""

import numpy as np
import torch

from stnet.gallery.gallery import Gallery
from stnet.gallery.patches import Stored, dequantize
from stnet.model.modeling import STNetModel
from stnet.search.choosing import highest
from stnet.search.encoding import Vectors
from stnet.search.ranking import Ranker
from stnet.search.sharding.gallery import ShardedGallery
from stnet.search.sharding.shard import Found


class ShardedRanker(Ranker):
    """One model's ranking of a ShardedGallery: the candidates and scores of the gallery before it was cut.

    The candidates are the best of the whole, not of each shard: so many pictures are scored as on one
    machine, and a picture's score depends on nothing but the query and the picture.
    """

    def __init__(self, model: STNetModel, gallery: Gallery, rows: np.ndarray | None = None) -> None:
        super().__init__(model, gallery, rows)
        if not isinstance(gallery, ShardedGallery):
            raise ValueError(f"expected a gallery in shards, got {type(gallery).__name__}")
        if rows is not None:  # nothing that leaves pictures out is known of shards: see GalleryFields
            raise ValueError("shards are ranked as a whole")
        self._shards = gallery

    @property
    def rows(self) -> np.ndarray:
        return self._shards.rows

    def prepare(self) -> None:
        """Nothing: shards prepare themselves when they start."""

    def candidates(self, vectors: Vectors, size: int) -> np.ndarray:
        if size >= len(self._shards):
            return self._shards.rows
        if self.words_alone(vectors):
            return np.sort(self._shards.nearest(vectors.query.float().cpu().numpy(), size)[0])
        found: list[Found] = self._shards.ask("highest", self.packed(vectors), size)
        rows, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return rows[highest(scores, size)]

    def scores(self, vectors: Vectors, rows: np.ndarray) -> np.ndarray:
        if not rows.size:
            return np.empty(0, np.float32)
        return np.concatenate(self._shards.ask_about("scores", rows, self.packed(vectors)))

    def patches(self, rows: np.ndarray) -> torch.Tensor:
        found: list[Stored] = self._shards.ask_about("features", rows)
        levels, scales = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return dequantize(levels, scales).to(self.temperature.device)
