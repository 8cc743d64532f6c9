"""Training of Concat on features that frozen convolutions made once: minutes on one CPU core."""

import json
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.systems.concat.network import ConcatNetwork
from stnet.systems.concat.soft_triplet import soft_triplet
from stnet.systems.concat.system import sizes_of, word_embeddings
from stnet.training.averages import Averages
from stnet.training.batches.batch import QueryBatch
from stnet.training.batches.pool import FeaturePool
from stnet.training.config import RunError, TrainConfig
from stnet.training.loop import learning_rate_factor, parameter_groups
from stnet.training.stages.joint import JointStage

LOG_NAME = "log.jsonl"


class ConcatObjective:
    """The loss of a batch of the joint stage's queries, whose pool has what the convolutions made of them."""

    def __init__(self, network: ConcatNetwork, pool: FeaturePool) -> None:
        self.network, self.pool = network, pool
        self.pictures = torch.from_numpy(pool.coarse.mean((2, 3), dtype="float32"))  # (pool, picture)

    def __call__(self, batch: QueryBatch) -> dict[str, Tensor]:
        """`triplet`: the loss; `first`: share of the queries with words whose own picture scores highest."""
        assert batch.pictures.rows is not None and batch.sketch_rows is not None
        network, worded = self.network, batch.has_text[:, None]
        text = network.read(batch.input_ids, batch.attention_mask)
        text = torch.where(worded, text, network.no_words(len(text)))
        queries = network.query(self.pool.sketches(batch.sketch_rows), text)
        similarity = network.similarity(queries, network.targets(self.pictures[batch.pictures.rows]))
        holds = (batch.category[:, None, None] == batch.pictures.object_category[None]).any(-1)
        own = similarity.gather(1, batch.query_image[:, None])
        first = (similarity > own).sum(1) == 0
        return {
            "triplet": soft_triplet(similarity, torch.where(worded, batch.answers, holds)),
            "first": first[batch.has_text].float().mean(),
        }


def train_concat(stage: JointStage, config: TrainConfig, embedding: int) -> ConcatNetwork:
    """Train on the stage's batches; its model's convolutions and word embeddings are where it begins.

    Args:
        stage: with a feature pool.
        config: steps, minutes, rate, decay, seed and log; its other fields made the stage.
        embedding: numbers in the vectors where queries and pictures meet.

    Raises:
        RunError: if the stage has no pool, or the loss stops being a number.
    """
    if stage.pool is None:
        raise RunError("concat learns from pooled features: give pooled_scenes and the other pools")
    torch.manual_seed(config.seed)
    network = ConcatNetwork(sizes_of(stage.model, embedding))
    with torch.no_grad():
        network.words.weight.copy_(word_embeddings(stage.model).weight)
    objective = ConcatObjective(network.train(), stage.pool)
    optimizer = torch.optim.AdamW(parameter_groups(network, config.weight_decay), lr=config.learning_rate)
    averages, folder = Averages(), Path(config.output)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOG_NAME).unlink(missing_ok=True)
    for step, progress, batch in _steps(stage, config):
        rate = config.learning_rate * learning_rate_factor(progress, config.warmup, config.final_rate)
        for group in optimizer.param_groups:
            group["lr"] = rate
        losses = objective(batch)
        optimizer.zero_grad()
        losses["triplet"].backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), config.gradient_clip)
        optimizer.step()
        averages.add(losses)
        if (step + 1) % config.log_every == 0:
            means = averages.take(lambda sums: sums)
            if means["triplet"] is None:
                raise RunError(f"the loss is no number after {step + 1} steps: lower the learning_rate")
            _log(folder, {"step": step + 1, "rate": rate, **means})
    return network.eval()


def _steps(stage: JointStage, config: TrainConfig) -> Iterator[tuple[int, float, QueryBatch]]:
    """Number, progress in 0..1 and batch of each step, until steps or minutes are used up."""
    start, batches = time.monotonic(), iter(stage.batches(0, 0))
    with tqdm(total=config.steps, desc="concat", mininterval=5) as bar:
        for step in count():
            used = 0.0 if config.minutes is None else (time.monotonic() - start) / 60 / config.minutes
            progress = max(step / config.steps, used)
            if progress >= 1:
                return
            yield step, progress, next(batches)
            bar.update()


def _log(folder: Path, line: dict[str, float | None]) -> None:
    with (folder / LOG_NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
