"""Training of ZSE-SBIR on the shared pool: a drawing, its picture, and one without such a thing."""

from pathlib import Path

import torch
from torch import Tensor

from stnet.systems.probing import write_probe
from stnet.systems.shared.learning import Objective, Schedule, learn
from stnet.systems.shared.pool import SharedPool
from stnet.systems.zse.losses import matching, triplet
from stnet.systems.zse.network import ZseNetwork
from stnet.systems.zse.system import MapsAndPixels, sizes_of
from stnet.training.batches.batch import QueryBatch


class ZseObjective(Objective):
    """Both losses of a batch's drawings; the words are not read."""

    def __init__(self, network: ZseNetwork, pool: SharedPool) -> None:
        super().__init__()
        self.network, self.features, self.processor = network, pool.features, pool.processor

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        """`loss`: L_tri + L_re; `triplet`, `matching`: its parts."""
        assert batch.pictures.rows is not None and batch.sketch_rows is not None
        asked, positive, negative = triplets(batch)
        pictures = self.network.pictures(*self.features.maps(batch.pictures.rows))
        known = self.features.sketches(batch.sketch_rows[asked])
        drawn = self.network.drawings(self.processor.sketch_batch(batch.ink[asked]), known)
        by_triplet = triplet(drawn.retrieval, pictures.retrieval[positive], pictures.retrieval[negative])
        shown = torch.cat([pictures.visual[positive], pictures.visual[negative]])
        same = torch.arange(2 * len(asked)) < len(asked)
        by_pair = matching(self.network.relate(drawn.visual.repeat(2, 1, 1), shown), same)
        return {"loss": by_triplet + by_pair, "triplet": by_triplet, "matching": by_pair}


def triplets(batch: QueryBatch) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, the picture of each, and another at random that shows nothing of the drawn category.

    Queries whose category every picture shows are left out: (T,), (T,), (T,)
    """
    holds = (batch.category[:, None, None] == batch.pictures.object_category[None]).any(-1)
    asked = (~holds).any(1).nonzero()[:, 0]
    negative = torch.multinomial((~holds[asked]).float(), 1)[:, 0]
    return asked, batch.query_image[asked], negative


def train_zse(pool: SharedPool, schedule: Schedule, seed: int, folder: Path) -> ZseNetwork:
    """Train and write to the folder.

    Raises:
        ValueError: if drawings and pictures of the pool have other grids.
        RunError: if the loss stops being a number.
    """
    torch.manual_seed(seed)
    network = ZseNetwork(sizes_of(pool.model))
    learn(ZseObjective(network, pool), pool, schedule, seed, folder)
    network.save(folder)
    write_probe(folder, MapsAndPixels(pool.model), pool.model)
    return network
