"""The table of an ablation, with its budget and its command, as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

HEAD = ("training", "R@1", "R@10", "of each seed", "over all", "MdR", "R@10 sketch", "R@10 words", "pointing")
BASE = "all"


def markdown(found: Sequence[Mapping[str, Any]], command: str) -> str:
    """The rows' figures (means over their seeds) with what they are and how to get them.

    Raises:
        ValueError: if there are none.
    """
    if not found:
        raise ValueError("an ablation without a finished row has no table")
    by_row: dict[str, list[Mapping[str, Any]]] = {}
    for figures in found:
        by_row.setdefault(figures["row"], []).append(figures)
    base = _mean(by_row[BASE], "sketch+text", "R@10") if BASE in by_row else None
    lines = [*_text(found, command), "| " + " | ".join(HEAD) + " |", "|---" + "|---:" * (len(HEAD) - 1) + "|"]
    lines += ["| " + " | ".join(_line(name, runs, base)) + " |" for name, runs in by_row.items()]
    return "\n".join([*lines, _chance(found[0])])


def _text(found: Sequence[Mapping[str, Any]], command: str) -> list[str]:
    run, first = found[0]["run"], found[0]
    start = ", ".join(f"{part} from {path}" for part, path in run["start"].items())
    lines = [
        f"Every row starts from the same frozen networks ({start}), learns what is on top of them from new",
        f"weights, and goes through the same {run['steps']:,} batches of {run['batch_size']} pictures.",
        f"Measured on {first['queries']} queries of the suite `{run['suite']}`, {first['images']} pictures.",
        "",
        f"    {command}",
        "",
        "- Recall in per cent, MdR: median rank. R@1, R@10 and MdR: of both halves together; in the rows",
        "  with one half, of that half. Over all: how much R@10 is above the first row's.",
        "- Pointing: the strongest patch lies on the drawn object, per cent.",
        "- Detection: the losses attention, focus and box. Contrastive: the four that rank pictures.",
        "- Sketch only and words only: models trained without the other half, as the paper's row for text is",
        "  CLIP itself. A dash is a question that they never met.",
        "",
    ]
    if len({figures["run"]["seed"] for figures in found}) == 1:
        return [*lines, "One seed: small differences between rows mean nothing.", ""]
    lines += [
        f"Means over seeds. Between seeds a row's R@10 differs by up to {spread(found):.1f} points:",
        "no smaller difference between rows means anything.",
    ]
    return [*lines, ""]


def spread(found: Sequence[Mapping[str, Any]]) -> float:
    """By how many points R@10 of one row differs between seeds at most."""
    recalls: dict[str, list[float]] = {}
    for figures in found:
        recalls.setdefault(figures["row"], []).append(figures["retrieval"][figures["asked"]]["R@10"])
    return max(max(values) - min(values) for values in recalls.values())


def _mean(runs: Sequence[Mapping[str, Any]], modality: str, metric: str) -> float:
    return float(np.mean([figures["retrieval"][modality][metric] for figures in runs]))


def _line(name: str, runs: Sequence[Mapping[str, Any]], base: float | None) -> list[str]:
    asked = runs[0]["asked"]

    def half(modality: str) -> str:
        return f"{_mean(runs, modality, 'R@10'):.1f}" if asked in ("sketch+text", modality) else "–"

    recall = _mean(runs, asked, "R@10")
    return [
        name,
        f"{_mean(runs, asked, 'R@1'):.1f}",
        f"{recall:.1f}",
        " / ".join(f"{figures['retrieval'][asked]['R@10']:.1f}" for figures in runs),
        "" if base is None or name == BASE else f"{recall - base:+.1f}",
        f"{_mean(runs, asked, 'MdR'):g}",
        half("sketch"),
        half("text"),
        f"{np.mean([figures['pointing'] for figures in runs]):.1f}" if asked != "text" else "–",
    ]


def _chance(figures: Mapping[str, Any]) -> str:
    images = figures["images"]
    first, ten = 100 / images, 100 * min(10, images) / images
    cells = (
        "chance",
        f"{first:.1f}",
        f"{ten:.1f}",
        "",
        "",
        f"{(images + 1) / 2:g}",
        f"{ten:.1f}",
        f"{ten:.1f}",
    )
    return "| " + " | ".join((*cells, f"{figures['chance pointing']:.1f}")) + " |"
