"""Training of Concat on the shared pool, whose convolutions are frozen: minutes on one CPU core."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from stnet.systems.concat.network import ConcatNetwork
from stnet.systems.concat.soft_triplet import soft_triplet
from stnet.systems.concat.system import BackboneEncoder, sizes_of, word_embeddings
from stnet.systems.probing import write_probe
from stnet.systems.shared.learning import Objective, Schedule, learn
from stnet.systems.shared.pool import SharedPool
from stnet.training.batches.batch import QueryBatch
from stnet.training.batches.pool import FeaturePool


class ConcatObjective(Objective):
    """The loss of a batch's queries, whose pool has what the convolutions made of them."""

    def __init__(self, network: ConcatNetwork, features: FeaturePool) -> None:
        super().__init__()
        self.network, self.features = network, features
        self.pictures = torch.from_numpy(features.coarse.mean((2, 3), dtype="float32"))  # (pool, picture)

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        """`loss`: the soft triplets'; `first`: share of queries with words whose picture scores highest."""
        assert batch.pictures.rows is not None and batch.sketch_rows is not None
        network, worded = self.network, batch.has_text[:, None]
        text = network.read(batch.input_ids, batch.attention_mask)
        text = torch.where(worded, text, network.no_words(len(text)))
        queries = network.query(self.features.sketches(batch.sketch_rows), text)
        similarity = network.similarity(queries, network.targets(self.pictures[batch.pictures.rows]))
        holds = (batch.category[:, None, None] == batch.pictures.object_category[None]).any(-1)
        own = similarity.gather(1, batch.query_image[:, None])
        first = (similarity > own).sum(1) == 0
        return {
            "loss": soft_triplet(similarity, torch.where(worded, batch.answers, holds)),
            "first": first[batch.has_text].float().mean(),
        }


class ConcatCropsObjective(Objective):
    """The same with a crop of the asked thing as each query's target, as in the document.

    Ours: the other crops of a batch that are of the same category, on pictures of which the words are true
    too, count as right; so do, for a drawing alone, all crops of its category.
    """

    def __init__(self, network: ConcatNetwork, features: FeaturePool, crops: np.ndarray) -> None:
        """`crops` as `read_crops` gives them."""
        super().__init__()
        self.network, self.features, self.crops = network, features, crops

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        """`loss` and `first`, the share of queries with words whose own crop scores highest."""
        assert batch.pictures.rows is not None and batch.sketch_rows is not None
        network, worded = self.network, batch.has_text[:, None]
        text = network.read(batch.input_ids, batch.attention_mask)
        text = torch.where(worded, text, network.no_words(len(text)))
        queries = network.query(self.features.sketches(batch.sketch_rows), text)
        rows, things = batch.pictures.rows[batch.query_image].numpy(), batch.query_object.numpy()
        similarity = network.similarity(
            queries, network.targets(torch.from_numpy(self.crops[rows, things]).float())
        )
        right = crop_answers(batch)
        own = similarity.diagonal()[:, None]
        first = ((similarity > own) & ~same_crop(batch)).sum(1) == 0
        return {"loss": soft_triplet(similarity, right), "first": first[batch.has_text].float().mean()}


def same_crop(batch: QueryBatch) -> Tensor:
    """Which queries of a batch ask for the very thing on the picture that each asks for: (Q, Q) bool"""
    image, thing = batch.query_image, batch.query_object
    return (image[:, None] == image) & (thing[:, None] == thing)


def crop_answers(batch: QueryBatch) -> Tensor:
    """Which queries' crops answer each query of a batch: (Q, Q) bool"""
    alike = batch.category[:, None] == batch.category
    true = batch.answers[:, batch.query_image] | ~batch.has_text[:, None]
    return same_crop(batch) | (alike & true)


def train_concat(
    pool: SharedPool,
    schedule: Schedule,
    embedding: int,
    seed: int,
    folder: Path,
    *,
    crops: np.ndarray | None = None,
) -> ConcatNetwork:
    """Train and write to the folder; words begin with the embeddings of the pool's text tower.

    Args:
        embedding: numbers in the vectors where queries and pictures meet.
        crops: the targets, as `read_crops` gives them; None for whole pictures.

    Raises:
        RunError: if the loss stops being a number.
    """
    torch.manual_seed(seed)
    network = ConcatNetwork(sizes_of(pool.model, embedding))
    with torch.no_grad():
        network.words.weight.copy_(word_embeddings(pool.model).weight)
    objective: Objective = ConcatObjective(network, pool.features)
    if crops is not None:
        objective = ConcatCropsObjective(network, pool.features, crops)
    learn(objective, pool, schedule, seed, folder)
    network.save(folder)
    write_probe(folder, BackboneEncoder(pool.model), pool.model)
    return network
