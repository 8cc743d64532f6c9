"""``python -m stnet.training.naming --run runs/reference/3-words``: a head that says what a drawing shows.

The towers stay as they are: one linear layer on h_S learns the names of all drawings that the split doesn't
keep from training, and its certainty is scaled on drawings that it hasn't learned from.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.checkpoint import load_as_trained, load_model
from stnet.command_line import exit_code
from stnet.data.categories import load_split
from stnet.data.drawings.drawings import Drawings
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor

EACH, CARELESS = 60, 0.4  # drawings of each name, and how many of them are turned or unfinished
KEPT = 10  # every tenth drawing scales the certainty
BATCH = 64
CPU = torch.device("cpu")


def names_to_learn(drawings: Drawings) -> list[str]:
    """The drawing categories of the training part, without those of the split's unseen things."""
    split = load_split()
    unseen = {name for category in split.unseen for name in split.drawings.get(category, ())}
    return [name for name in drawings.names(held_out=False) if name not in unseen]


@torch.inference_mode()
def encode_drawings(
    model: STNetModel, processor: STNetProcessor, drawings: Drawings, names: list[str], each: int
) -> tuple[Tensor, Tensor]:
    """`each` varied drawings of every name: their h_S (N, D), and the names' numbers (N,)"""
    rng, vectors = np.random.default_rng(0), []
    labels = np.repeat(np.arange(len(names)), each)
    for start in tqdm(range(0, len(labels), BATCH), desc="drawings", mininterval=5):
        inks = [
            drawings.sample_named(names[label], rng, held_out=False, careless=CARELESS)
            for label in labels[start : start + BATCH]
        ]
        fitted = np.stack([np.asarray(processor.fit(Image.fromarray(ink))) for ink in inks])
        vectors.append(model.encode_sketch(processor.sketch_batch(torch.from_numpy(fitted))))
    return torch.cat(vectors).clone(), torch.from_numpy(labels)


def learn_names(vectors: Tensor, labels: Tensor, count: int, steps: int = 400) -> nn.Linear:
    """The head for vectors (N, D) and labels (N,), whose probabilities are as sure as they may be.

    A linear classifier learns from nine tenths; a factor on its logits makes the last tenth likeliest.
    """
    torch.manual_seed(0)
    kept = torch.arange(len(labels)) % KEPT == 0
    mean, spread = vectors.mean(0), vectors.std(0).clamp_min(1e-6)
    scaled = (vectors - mean) / spread
    head = nn.Linear(vectors.shape[1], count)
    optimizer = torch.optim.AdamW(head.parameters(), lr=0.05, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        loss = F.cross_entropy(head(scaled[~kept]), labels[~kept], label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        factor = _best_factor(head(scaled[kept]), labels[kept])
        weight = head.weight / spread
        head.bias.copy_((head.bias - weight @ mean) * factor)
        head.weight.copy_(weight * factor)
    return head


def _best_factor(logits: Tensor, labels: Tensor) -> float:
    factors = torch.logspace(-1, 1, 81)
    return float(min(factors, key=lambda factor: float(F.cross_entropy(logits * factor, labels))))


def with_naming_head(model: STNetModel, names: list[str], head: nn.Linear) -> STNetModel:
    """The same model, with this naming head."""
    config = type(model.config)(**model.config.to_dict() | {"drawn_names": names})
    named = STNetModel(config).eval()
    weights = {name: value for name, value in model.state_dict().items() if "naming_head" not in name}
    learned = {f"naming_head.{name}": value for name, value in head.state_dict().items()}
    named.load_state_dict(weights | learned)
    return named


def run(folder: Path, drawings_folder: Path, out: Path) -> str:
    """Write the run's model with a naming head to `out`; what to print.

    Raises:
        ValueError, OSError: if the run or the drawings can't be read.
    """
    drawings = Drawings.load(drawings_folder)
    names = names_to_learn(drawings)
    read = load_model(folder, CPU)  # folded: faster
    vectors, labels = encode_drawings(read.model, read.processor, drawings, names, EACH)
    head = learn_names(vectors, labels, len(names))
    trained = load_as_trained(folder, CPU)
    with_naming_head(trained.model, names, head).save_pretrained(out)
    trained.processor.save_pretrained(out)
    kept = torch.arange(len(labels)) % KEPT == 0
    with torch.inference_mode():
        right = (head(vectors[kept]).argmax(-1) == labels[kept]).float().mean().item()
    return (
        f"{out}: {len(names)} names; right for {100 * right:.1f} % of the drawings that it didn't learn from"
    )


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if something is missing."""
    parser = argparse.ArgumentParser(prog="python -m stnet.training.naming", description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder that stnet.train wrote")
    parser.add_argument("--drawings", type=Path, default=Path("data/sketches"), help="human drawings")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(None if arguments is None else list(arguments))
    return exit_code(lambda: print(run(options.run, options.drawings, options.out)))


if __name__ == "__main__":
    raise SystemExit(main())
