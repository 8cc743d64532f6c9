"""Systems side by side on one suite, as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stnet.evaluation.tables import NAMES, table

RECALLS = ("R@1", "R@5", "R@10", "R@20", "R@50", "R@100")
# what each system's own paper reports on its own data: nothing that compares
REPORTED = {
    "scenes-1k": {
        "stnet": "R@10 73.7",
        "two-stage": "R@10 67.0",
        "two-stage-description": "R@10 60.1",
        "average": "R@10 22.4 (TASK-former)",
        "text-only": "R@10 50.6 (CLIP)",
        "sketch-only": "R@10 20.2",
        "concat": "R@10 98.7 (crops)",
    },
    "scenes-5k": {
        "stnet": "R@10 38.7",
        "two-stage": "R@10 34.8",
        "two-stage-description": "R@10 30.5",
        "average": "R@10 9.3 (TASK-former)",
        "text-only": "R@10 24.2 (CLIP)",
        "concat": "R@10 82.7 (crops)",
    },
    "scenes-1k crops": {"concat-crops": "R@1/5/10/50/100 63.7 93.8 98.7 100 100"},
    "scenes-5k crops": {"concat-crops": "R@1/5/10/50/100 35.5 70.7 82.7 99.3 100"},
    "scenes-open": {"stnet": "R@10 37.2", "two-stage": "R@10 29.0", "text-only": "R@10 21.6 (CLIP)"},
}
BY_CATEGORY = {  # of drawings alone, on Sketchy
    "clusters": "mAP@100 74.4 (all searched: 74.6)",
    "zse": "mAP 73.6, Prec@100 80.8",
    "zse-relation": "mAP 69.8, Prec@100 79.7",
    "zse-clusters": "mAP@100 74.4 (all searched: 74.6)",
}


def markdown(figures: Mapping[str, Any]) -> str:
    """What `python -m stnet.systems` found: a line for each system and kind of query.

    mAP@100 and Prec@100 are by category, for drawings alone. Time and size stand at a system's first line.
    """
    systems = figures["systems"]
    rows = [row for name, found in systems.items() for row in _rows(name, [found])]
    head = ["system", "query", *RECALLS, "MdR", "mAP@100", "Prec@100", "CPU ms a query", "M parameters"]
    return "\n".join([_title(next(iter(systems.values()))), "", *table(head, rows, texts=2)])


def compared(figures: Mapping[str, Any]) -> str:
    """What `python -m stnet.systems.compare` found: means over the seeds, and R@10 of each.

    The last column is the paper's own figure on its own data.
    """
    runs = list(figures["runs"].values())
    reported = BY_CATEGORY | REPORTED.get(figures["suite"], {})
    rows = []
    for name in runs[0]:
        found = [run[name] for run in runs]
        label = f"{name}, trained alone" if found[0].get("trained alone") else name
        for place, row in enumerate(_rows(label, found)):
            modality = list(found[0]["retrieval"])[place]
            each = " / ".join(f"{one['retrieval'][modality]['R@10']:.1f}" for one in found)
            rows.append([*row[:5], each, *row[5:], reported.get(name, "") if place == 0 else ""])
    head = [
        *("system", "query", *RECALLS[:3], "R@10 of each seed", *RECALLS[3:], "MdR", "mAP@100", "Prec@100"),
        *("CPU ms a query", "M parameters", "its paper, on its own data"),
    ]
    return "\n".join([_title(next(iter(runs[0].values()))), "", *table(head, rows, texts=2)])


def _title(first: Mapping[str, Any]) -> str:
    part = "" if first["complete"] else " (a PART of the suite: not comparable)"
    title = f"**{first['suite']}**: {first['queries']} queries on {first['images']} pictures{part}"
    return f"{title}, chance of R@10: {first['chance']['R@10']:.3g}"


def _rows(name: str, seeds: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The lines of a system, the means over its seeds."""
    rows = []
    for place, modality in enumerate(seeds[0]["retrieval"]):

        def mean(key: str, modality: str = modality) -> float:
            return float(np.mean([found["retrieval"][modality][key] for found in seeds]))

        precision = ["", ""]
        if modality == "sketch":
            by_category = [found["sketch by category"]["mean of queries"] for found in seeds]
            precision = [
                f"{np.mean([one[key] for one in by_category]):.1f}" for key in ("mAP@100", "Prec@100")
            ]
        milliseconds = np.mean([found["search"]["milliseconds"] for found in seeds])
        size = [f"{milliseconds:.2f}", f"{seeds[0]['search']['parameters'] / 1e6:.1f}"]
        rows.append(
            [
                name if place == 0 else "",
                NAMES.get(modality, modality),
                *(f"{mean(key):.1f}" for key in RECALLS),
                f"{mean('MdR'):g}",
                *precision,
                *(size if place == 0 else ["", ""]),
            ]
        )
    return rows
