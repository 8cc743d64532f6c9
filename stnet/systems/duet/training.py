"""Training of Duet on the shared pool: one stage, all losses at once, no captions."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from stnet.systems.concat.system import BackboneEncoder
from stnet.systems.duet.generator import MapGenerator, reconstruction
from stnet.systems.duet.losses import (
    alignment,
    composition,
    neutrality,
    region_similarity,
    text_to_text,
    triplet,
)
from stnet.systems.duet.network import DuetNetwork
from stnet.systems.duet.system import probe_text, sizes_of
from stnet.systems.duet.text import FrozenText
from stnet.systems.probing import write_probe
from stnet.systems.shared.learning import Objective, Schedule, learn
from stnet.systems.shared.pool import SharedPool
from stnet.systems.towers import unit
from stnet.training.batches.batch import QueryBatch
from stnet.training.config import RunError

# P^F and the neutral texts of three to five words: the paper has such, these are ours
FIXED_PROMPTS = ("a photo of", "a picture of", "a picture with", "here we see", "this photo shows a")
NEUTRAL_TEXTS = (
    *("as it looks here", "in this picture", "just as it is", "somewhere in the picture"),
    *("that we can see here", "to be seen here", "on a photo", "like this one here"),
)
SAMPLED = 8  # drawings of a batch that all losses but the triplets see: each costs further texts to read
LOSSES = (
    *("triplet", "region", "text_to_text", "composition", "neutrality", "reconstruction"),
    "alignment",
)


class DuetObjective(Objective):
    """Duet's losses of a batch's drawings, weighed; its words are read by `alignment` alone.

    L_TT, L_comp, L_reg and L_rec need s_F, s_D and s_N, so a random part of the drawings stands for all in
    them, with one fixed prompt a batch and one neutral text a drawing, by chance.
    """

    def __init__(
        self, network: DuetNetwork, text: FrozenText, pool: SharedPool, weights: Mapping[str, float]
    ) -> None:
        """Raises RunError if the weights don't name losses."""
        super().__init__()
        unknown = sorted(weights.keys() - set(LOSSES))
        if unknown or not weights:
            raise RunError(f"weights name {unknown or 'no losses'}; there are {', '.join(LOSSES)}")
        self.network, self.text, self.weights = network, text, weights
        self.features = pool.features
        _, channels, side, _ = pool.features.fine.shape
        self.generator = MapGenerator(network.sizes.word, channels, side)

    def forward(self, batch: QueryBatch) -> dict[str, Tensor]:
        """`loss`: the weighed sum; every loss by its name; `first`: share of drawings whose picture scores
        highest."""
        assert batch.pictures.rows is not None and batch.sketch_rows is not None
        network, own = self.network, batch.query_image
        fine, coarse = self.features.maps(batch.pictures.rows)
        pictures = network.pictures(coarse.mean((2, 3)))
        cells = network.pictures(coarse.flatten(2).transpose(1, 2))
        drawn = network.drawings(self.features.sketches(batch.sketch_rows))
        alone = self.text.before_words(network.prompted(len(drawn), drawn), None)  # s_L
        similarity = unit(alone) @ unit(pictures).T
        some = torch.randperm(len(drawn))[:SAMPLED]
        losses = {
            "triplet": triplet(similarity, own),
            "region": triplet(region_similarity(alone, cells, drawn), own),
            **self._of_some(drawn[some], alone[some], pictures[own[some]], fine[own[some]]),
            "alignment": self._alignment(batch, pictures),
        }
        total = torch.stack([losses[name] * weight for name, weight in self.weights.items()]).sum()
        first = (similarity.argmax(1) == own).float().mean()
        return {"loss": total, **losses, "first": first}

    def _of_some(self, drawn: Tensor, alone: Tensor, picture: Tensor, fine: Tensor) -> dict[str, Tensor]:
        """s, s_L, V(P+) (q, d) and the maps of P+ (q, C, h, w)."""
        network, count = self.network, len(drawn)
        pseudo = network.prompted(count, drawn)
        prompt = FIXED_PROMPTS[int(torch.randint(len(FIXED_PROMPTS), ()))]
        fixed = self.text.after_prompt(prompt, pseudo[:, network.sizes.prompt :])  # s_F
        compared = self.text.before_words(network.prompted(count, drawn, picture - drawn), None)  # s_D
        said = [NEUTRAL_TEXTS[number] for number in torch.randint(len(NEUTRAL_TEXTS), (count,)).tolist()]
        neutral = self.text.before_words(pseudo, said)  # s_N
        made = self.generator(torch.cat([alone, compared]))
        return {
            "text_to_text": text_to_text(alone, fixed),
            "composition": composition(compared, alone, picture),
            "neutrality": neutrality(neutral, alone, picture),
            "reconstruction": reconstruction(made, fine.repeat(2, 1, 1, 1)),
        }

    def _alignment(self, batch: QueryBatch, pictures: Tensor) -> Tensor:
        assert batch.text_rows is not None
        worded = batch.has_text
        texts = self.features.texts(batch.text_rows[worded])
        return alignment(texts, pictures, batch.described[worded])


def train_duet(
    pool: SharedPool, schedule: Schedule, weights: Mapping[str, float], seed: int, folder: Path
) -> DuetNetwork:
    """Train and write to the folder.

    Args:
        weights: of the losses, by the names in LOSSES.

    Raises:
        ValueError: if the pool's text tower can't be read from embeddings.
        RunError: if the weights don't name losses, or the loss stops being a number.
    """
    torch.manual_seed(seed)
    text, network = FrozenText(pool.model, pool.processor), DuetNetwork(sizes_of(pool.model))
    with torch.no_grad():
        network.prompt.normal_(std=float(text.words.weight.std()))
        network.text_probe.copy_(probe_text(text))
    learn(DuetObjective(network, text, pool, weights), pool, schedule, seed, folder)
    network.save(folder)
    write_probe(folder, BackboneEncoder(pool.model), pool.model)
    return network
