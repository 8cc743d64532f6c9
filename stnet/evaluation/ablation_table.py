"""The table of an ablation, with its budget and its command, as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


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
    first = found[0]
    head = ("training", "seeds", "R@1", "R@10", "MdR", "R@10 sketch", "R@10 words", "pointing", "candidates")
    lines = [*_text(found, command), "| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(_line(name, runs)) + " |" for name, runs in by_row.items()]
    return "\n".join([*lines, _chance(first)])


def _text(found: Sequence[Mapping[str, Any]], command: str) -> list[str]:
    run, first = found[0]["run"], found[0]
    start = ", ".join(f"{part} from {path}" for part, path in run["start"].items())
    lines = [
        "What each part of the training is worth, at one small equal budget: every row starts from the same",
        f"weights ({start}) and trains {run['steps']:,} steps of {run['batch_size']} pictures.",
        f"Measured on {first['queries']} queries of the suite `{run['suite']}`, {first['images']} pictures.",
        "",
        f"    {command}",
        "",
        "- Recall in per cent, MdR: median rank. R@1, R@10 and MdR: of both halves together; in the rows",
        "  with one half, of that half.",
        "- Pointing: the strongest patch lies on the drawn object, per cent.",
        f"- Candidates: share of the exhaustive top 10 among the index's first {first['pool']}, per cent.",
        "- Detection: the losses attention, focus and box. Contrastive: the four that rank pictures.",
        "- Sketch only and words only: models trained without the other half, as the paper's row for text is",
        "  CLIP itself. A dash is a question that they never met.",
        "",
    ]
    if len({figures["run"]["seed"] for figures in found}) == 1:
        lines += ["One seed: small differences between rows mean nothing.", ""]
    else:
        lines += [
            f"Means over seeds. Between seeds a row's R@10 differs by up to {_spread(found):.1f} points:",
            "no smaller difference between rows means anything.",
            "",
        ]
    return lines


def _spread(found: Sequence[Mapping[str, Any]]) -> float:
    recalls: dict[str, list[float]] = {}
    for figures in found:
        recalls.setdefault(figures["row"], []).append(figures["retrieval"][figures["asked"]]["R@10"])
    return max(max(values) - min(values) for values in recalls.values())


def _line(name: str, runs: Sequence[Mapping[str, Any]]) -> list[str]:
    asked = runs[0]["asked"]

    def mean(modality: str, metric: str) -> float:
        return float(np.mean([figures["retrieval"][modality][metric] for figures in runs]))

    def half(modality: str) -> str:
        return f"{mean(modality, 'R@10'):.1f}" if asked in ("sketch+text", modality) else "–"

    pointing = f"{np.mean([figures['pointing'] for figures in runs]):.1f}" if asked != "text" else "–"
    return [
        name,
        str(len(runs)),
        f"{mean(asked, 'R@1'):.1f}",
        f"{mean(asked, 'R@10'):.1f}",
        f"{mean(asked, 'MdR'):g}",
        half("sketch"),
        half("text"),
        pointing,
        f"{np.mean([figures['candidates'][asked] for figures in runs]):.1f}",
    ]


def _chance(figures: Mapping[str, Any]) -> str:
    images = figures["images"]
    first, ten = 100 / images, 100 * min(10, images) / images
    pool = 100 * min(int(figures["pool"]), images) / images
    cells = ("chance", "", f"{first:.1f}", f"{ten:.1f}", f"{(images + 1) / 2:g}", f"{ten:.1f}", f"{ten:.1f}")
    return "| " + " | ".join((*cells, f"{figures['chance pointing']:.1f}", f"{pool:.1f}")) + " |"
