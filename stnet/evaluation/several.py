"""Two things on one paper: how much better they are found apart, with their places, than as one drawing.

The papers are made here: of each picture with two things of different categories that people drew, a
held-out drawing of each is put about where the thing is in the picture.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from stnet.boxes import Box
from stnet.data.drawings.drawings import Drawings
from stnet.evaluation.encoding import EncodedSuite, encode_sketches
from stnet.evaluation.metrics import retrieval, target_ranks
from stnet.evaluation.ranking import ModalityVectors, score_chunks
from stnet.model.ink import ink_of
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import attend
from stnet.search.several import PLACING, alike, centre_of
from stnet.search.things import things_of

PAPER = 384  # pixels
SMALLEST, LARGEST = 70, 160  # pixels of one thing's longer side
ASTRAY = 0.05  # of the paper: the standard deviation of where a hand puts a thing


class Paper(NamedTuple):
    """A paper with two things: (PAPER, PAPER) uint8, ink high, and the row of the picture that is meant."""

    ink: np.ndarray
    target: int


def papers_of(encoded: EncodedSuite, drawings: Drawings, seed: int = 0) -> list[Paper]:
    """A paper for every picture that two drawings fit, without one lying over the other."""
    rng, papers = np.random.default_rng(seed), []
    for row, things in enumerate(encoded.objects):
        drawn = {thing.category: thing for thing in things if drawings.has(thing.category, held_out=True)}
        if len(drawn) < 2:
            continue
        two = list(drawn.values())[:2]
        places = [_place(thing.box, rng) for thing in two]
        inks = [drawings.sample(thing.category, rng, held_out=True) for thing in two]
        if not _overlap(*places):
            papers.append(Paper(_paper(inks, places), row))
    return papers


def _place(box: Box, rng: np.random.Generator) -> tuple[int, int, int]:
    """Left, top and side on the paper, about where the box is in the picture."""
    side = int(np.clip(PAPER * max(box[2] - box[0], box[3] - box[1]), SMALLEST, LARGEST))
    middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2 + rng.normal(0, ASTRAY, 2)
    left, top = np.clip(middle * PAPER - side / 2, 0, PAPER - side).astype(int)
    return int(left), int(top), side


def _overlap(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return all(one[axis] < other[axis] + other[2] and other[axis] < one[axis] + one[2] for axis in (0, 1))


def _paper(inks: list[np.ndarray], places: list[tuple[int, int, int]]) -> np.ndarray:
    paper = np.zeros((PAPER, PAPER), np.uint8)
    for ink, (left, top, side) in zip(inks, places, strict=True):
        paper[top : top + side, left : left + side] |= np.asarray(Image.fromarray(ink).resize((side, side)))
    return paper


@torch.inference_mode()
def several_quality(
    model: STNetModel, processor: STNetProcessor, encoded: EncodedSuite, papers: list[Paper]
) -> dict[str, dict[str, float]]:
    """R@K and MdR of `papers` by way of asking: as one drawing, apart, and apart with their places.

    Raises:
        ValueError: if there is no paper.
    """
    if not papers:
        raise ValueError(f"no picture of {encoded.name} has two things that people drew")
    right = np.arange(encoded.images) == np.array([paper.target for paper in papers])[:, None]
    ways: dict[str, list[np.ndarray]] = {"one drawing": [], "apart": [], "apart, with places": []}
    for paper in papers:
        for name, scores in _scores(model, processor, encoded.patches, paper.ink).items():
            ways[name].append(scores)
    return {name: retrieval(target_ranks(np.stack(scores), right)) for name, scores in ways.items()}


def _scores(
    model: STNetModel, processor: STNetProcessor, patches: Tensor, paper: np.ndarray
) -> dict[str, np.ndarray]:
    """What all pictures score for one paper, (N,) each."""
    ink = ink_of(Image.fromarray(255 - paper))
    assert ink is not None  # two drawings are on it
    things = things_of(ink)
    inks = [ink, *(thing.ink for thing in things)]
    sketches = encode_sketches(model, [processor.inked(part)[0].numpy() for part in inks])
    asked = ModalityVectors(sketches, sketches * model.neutral_text)
    ((_, found),) = score_chunks({"all": asked}, patches, model.temperature)
    whole, apart = found["all"][0], found["all"][1:].mean(0)
    if len(things) == 1:
        return {"one drawing": whole, "apart": whole, "apart, with places": whole}
    centres = [
        centre_of(attend(sketch[None], patches, model.temperature)[0], model.config.grid)
        for sketch in sketches[1:]
    ]
    drawn = torch.tensor([thing.centre for thing in things])
    placing = alike(torch.stack(centres, dim=1), drawn).cpu().numpy()
    return {"one drawing": whole, "apart": apart, "apart, with places": apart + PLACING * placing}


def markdown(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The figures as a table."""
    lines = [
        "| two things on one paper, asked for as | R@1 | R@5 | R@10 | R@50 | MdR |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, row in figures.items():
        shares = " | ".join(f"{row[f'R@{k}']:.1f}" for k in (1, 5, 10, 50))
        lines.append(f"| {name} | {shares} | {row['MdR']:g} |")
    return "\n".join(lines)
