"""Systems side by side on one suite, as Markdown."""

from collections.abc import Mapping
from typing import Any

from stnet.evaluation.tables import NAMES, table

RECALLS = ("R@1", "R@5", "R@10", "R@20", "R@50", "R@100")


def markdown(figures: Mapping[str, Any]) -> str:
    """What `python -m stnet.systems` found: a line for each system and kind of query.

    mAP@100 and Prec@100 are by category, for drawings alone. Time and size stand at a system's first line.
    """
    first = next(iter(figures["systems"].values()))
    part = "" if first["complete"] else " (a PART of the suite: not comparable)"
    title = f"**{first['suite']}**: {first['queries']} queries on {first['images']} pictures{part}"
    chance = f"chance of R@10: {first['chance']['R@10']:.3g}"
    rows = [row for name, found in figures["systems"].items() for row in _rows(name, found)]
    head = ["system", "query", *RECALLS, "MdR", "mAP@100", "Prec@100", "CPU ms a query", "M parameters"]
    return "\n".join([f"{title}, {chance}", "", *table(head, rows, texts=2)])


def _rows(name: str, found: Mapping[str, Any]) -> list[list[str]]:
    rows = []
    for place, (modality, recall) in enumerate(found["retrieval"].items()):
        by_category = found["sketch by category"]["mean of queries"] if modality == "sketch" else None
        precision = [] if by_category is None else [by_category[key] for key in ("mAP@100", "Prec@100")]
        search = found["search"]
        size = [f"{search['milliseconds']:.2f}", f"{search['parameters'] / 1e6:.1f}"]
        rows.append(
            [
                name if place == 0 else "",
                NAMES.get(modality, modality),
                *(f"{recall[key]:.1f}" for key in RECALLS),
                f"{recall['MdR']:g}",
                *([f"{value:.1f}" for value in precision] or ["", ""]),
                *(size if place == 0 else ["", ""]),
            ]
        )
    return rows
