"""``python -m stnet.training.naming --run runs/reference/2-joint``: a head that says what a drawing shows.

The towers stay as they are: one linear layer on h_S learns the names of all drawings that the split doesn't
keep from training. Held-out drawings decide one number, how sure it may be: on those that the towers learned
from it would seem surer than it is.
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

EACH, HELD_OUT, CARELESS = 60, 4, 0.4  # drawings of each name, and how many are turned or unfinished
BATCH = 64
CPU = torch.device("cpu")


def unseen_drawings() -> set[str]:
    """The drawing categories of the things that the split keeps from training."""
    split = load_split()
    return {name for category in split.unseen for name in split.drawings.get(category, ())}


def names_to_learn(drawings: Drawings) -> list[str]:
    """The drawing categories of the training part, without those of the split's unseen things."""
    unseen = unseen_drawings()
    return [name for name in drawings.names(held_out=False) if name not in unseen]


@torch.no_grad()
def encode_drawings(
    model: STNetModel,
    processor: STNetProcessor,
    drawings: Drawings,
    names: list[str],
    each: int,
    *,
    held_out: bool = False,
) -> tuple[Tensor, Tensor]:
    """`each` varied drawings of every name that has some: their h_S (N, D), and the names' numbers (N,)"""
    rng, vectors = np.random.default_rng(0), []
    drawn = [number for number, name in enumerate(names) if drawings.has_named(name, held_out=held_out)]
    labels = np.repeat(drawn, each)
    for start in tqdm(range(0, len(labels), BATCH), desc="drawings", mininterval=5):
        inks = [
            drawings.sample_named(names[label], rng, held_out=held_out, careless=CARELESS)
            for label in labels[start : start + BATCH]
        ]
        fitted = np.stack([np.asarray(processor.fit(Image.fromarray(ink))) for ink in inks])
        vectors.append(model.encode_sketch(processor.sketch_batch(torch.from_numpy(fitted))))
    return torch.cat(vectors), torch.from_numpy(labels)


def learn_names(vectors: Tensor, labels: Tensor, count: int, steps: int = 400) -> nn.Linear:
    """A linear classifier of `count` names for vectors (N, D) with labels (N,)."""
    torch.manual_seed(0)
    mean, spread = vectors.mean(0), vectors.std(0).clamp_min(1e-6)
    scaled = (vectors - mean) / spread
    head = nn.Linear(vectors.shape[1], count)
    optimizer = torch.optim.AdamW(head.parameters(), lr=0.05, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        loss = F.cross_entropy(head(scaled), labels, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        head.weight.div_(spread)
        head.bias.sub_(head.weight @ mean)
    return head


@torch.no_grad()
def be_as_sure_as_right(head: nn.Linear, vectors: Tensor, labels: Tensor) -> None:
    """Scale the head's logits so that these vectors' labels, unknown to it, are likeliest."""
    logits = head(vectors)
    factors = torch.logspace(-1, 1, 81).tolist()
    factor = min(factors, key=lambda factor: float(F.cross_entropy(logits * factor, labels)))
    head.weight.mul_(factor)
    head.bias.mul_(factor)


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
    head = learn_names(*encode_drawings(read.model, read.processor, drawings, names, EACH), len(names))
    vectors, labels = encode_drawings(read.model, read.processor, drawings, names, HELD_OUT, held_out=True)
    be_as_sure_as_right(head, vectors, labels)
    trained = load_as_trained(folder, CPU)
    with_naming_head(trained.model, names, head).save_pretrained(out)
    trained.processor.save_pretrained(out)
    with torch.inference_mode():
        likeliest = head(vectors).topk(min(3, len(names))).indices == labels[:, None]
    first, three = (100 * likeliest[:, :among].any(1).float().mean().item() for among in (1, 3))
    shares = f"first for {first:.1f} % of held-out drawings, among three for {three:.1f} %"
    return f"{out}: {len(names)} names; {shares}"


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
