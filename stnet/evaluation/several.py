"""Two things on one paper: how much better they are found apart, with their places, than as one drawing.

The papers are made here: of each picture with two things of different categories that people drew, a
held-out drawing of each is put about where the thing is in the picture.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from stnet.boxes import Box
from stnet.data.drawings.drawings import Drawings
from stnet.evaluation.encoding import EncodedSuite, encode_names, encode_sketches, encode_texts
from stnet.evaluation.metrics import retrieval, target_ranks
from stnet.evaluation.ranking import ModalityVectors, score_chunks
from stnet.model.ink import ink_of
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import attend
from stnet.search.encoding import Halves, balanced
from stnet.search.several import PLACING, alike, centre_of
from stnet.search.things import Thing, things_of

PAPER = 384  # pixels
SMALLEST, LARGEST = 70, 160  # pixels of one thing's longer side
NAMED = ", with names"
ASTRAY = 0.05  # of the paper: the standard deviation of where a hand puts a thing


class Paper(NamedTuple):
    """A paper with two things.

    Attributes:
        ink: (PAPER, PAPER) uint8, ink high.
        target: the row of the picture that is meant.
        names: of the two things.
        centres: where they are: x, y in 0..1 of the paper, each.
    """

    ink: np.ndarray
    target: int
    names: tuple[str, str]
    centres: tuple[tuple[float, float], tuple[float, float]]


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
            first, second = (((x + side / 2) / PAPER, (y + side / 2) / PAPER) for x, y, side in places)
            names = (two[0].category, two[1].category)
            papers.append(Paper(_paper(inks, places), row, names, (first, second)))
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

    Both without words and with the names of the things: of one drawing "cat, ball", of each thing its own.

    Raises:
        ValueError: if there is no paper.
    """
    if not papers:
        raise ValueError(f"no picture of {encoded.name} has two things that people drew")
    right = np.arange(encoded.images) == np.array([paper.target for paper in papers])[:, None]
    ways: dict[str, list[np.ndarray]] = {}
    for paper in papers:
        for name, scores in _scores(model, processor, encoded.patches, paper).items():
            ways.setdefault(name, []).append(scores)
    return {name: retrieval(target_ranks(np.stack(scores), right)) for name, scores in ways.items()}


def _scores(
    model: STNetModel, processor: STNetProcessor, patches: Tensor, paper: Paper
) -> dict[str, np.ndarray]:
    """What all pictures score for one paper, (N,) each."""
    ink = ink_of(Image.fromarray(255 - paper.ink))
    assert ink is not None  # two drawings are on it
    things = things_of(ink)
    inks = [ink, *(thing.ink for thing in things)]
    sketches = encode_sketches(model, [processor.inked(part)[0].numpy() for part in inks])
    both = ", ".join(paper.names)
    names = [both, *(_name(paper, thing) if len(things) > 1 else both for thing in things)]
    asked = {
        "": ModalityVectors(sketches, sketches * encode_names(model, processor, sketches)),
        NAMED: _named(model, sketches, encode_texts(model, processor, names)),
    }
    ((_, found),) = score_chunks(asked, patches, model.temperature)
    placing = _placing(model, patches, sketches[1:], things)
    ways: dict[str, np.ndarray] = {}
    for words, scores in found.items():
        whole, apart = scores[0], scores[1:].mean(0)
        ways |= {f"one drawing{words}": whole, f"apart{words}": apart}
        ways[f"apart, with places{words}"] = apart + PLACING * placing
    return ways


def _name(paper: Paper, thing: Thing) -> str:
    """The name of what was drawn nearest to where the thing was found."""
    away = np.hypot(*(np.array(paper.centres) - thing.centre).T)
    return paper.names[int(away.argmin())]


def _named(model: STNetModel, sketches: Tensor, texts: Tensor) -> ModalityVectors:
    """The queries of K drawings, (K, D), with words each, as a search weighs them."""
    neutral = Halves(model.neutral_sketch, model.neutral_text)
    halves = [
        balanced(Halves(sketch, text), neutral, 0.0, model.config.sketch_share)
        for sketch, text in zip(sketches, texts, strict=True)
    ]
    drawn = torch.stack([half.sketch for half in halves])
    return ModalityVectors(drawn, drawn * torch.stack([half.text for half in halves]))


def _placing(model: STNetModel, patches: Tensor, sketches: Tensor, things: Sequence[Thing]) -> np.ndarray:
    """How alike the things lie in each picture and on the paper: -1..1, (N,); 0 for a single thing."""
    if len(things) == 1:
        return np.zeros(len(patches), np.float32)
    centres = [
        centre_of(attend(sketch[None], patches, model.temperature)[0], model.config.grid)
        for sketch in sketches
    ]
    drawn = torch.tensor([thing.centre for thing in things])
    return alike(torch.stack(centres, dim=1), drawn).cpu().numpy()


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
