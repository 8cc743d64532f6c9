"""What Duet claims to be of use for, system by system, as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stnet.evaluation.tables import NAMES, table
from stnet.systems.using import DRAWN, KINDS

SAID = {"sketch": "sketch", "sketch+text": "sketch + other words", "text": "other words"}


def markdown(figures: Mapping[str, Any]) -> str:
    """What `python -m stnet.systems.uses` found: a table for each use, means over the seeds."""
    part = "" if figures["complete"] else " (a PART of the suite: not comparable)"
    one, other = (figures["chance"][use] for use in ("which one", "other words"))
    return "\n".join(
        [
            f"**{figures['suite']}**, {figures['images']} pictures{part}. Which one: its rank among all "
            f"pictures that show the drawn thing ({one['all']['pictures']:.1f} on the mean), "
            f"{_asked(figures)} queries",
            "",
            *_which_one(figures, one),
            "",
            "The same drawing with the words of another light or place: the best picture of such a thing "
            f"there, among all that show the thing ({other['all']['pictures']:.1f} on the mean) and in the "
            "gallery",
            "",
            *_other_words(figures, other),
        ]
    )


def _asked(figures: Mapping[str, Any]) -> int:
    first = next(iter(next(iter(figures["runs"].values())).values()))
    return int(next(iter(first.values()))["which one"]["all"]["queries"])


def _which_one(figures: Mapping[str, Any], chance: Mapping[str, Any]) -> list[str]:
    def cells(found: Sequence[Mapping[str, Any]]) -> list[str]:
        whole = [_mean(found, "all", "among", key) for key in ("R@1", "R@5")]
        by_drawing = [_mean(found, name, "among", "R@1") for name in DRAWN]
        return [f"{share:.1f}" for share in (*whole, *by_drawing)]

    head = ["system", "query", "R@1", "R@5", *(f"R@1, {name}" for name in DRAWN)]
    rows = _rows(figures, "which one", NAMES, cells)
    return table(head, [*rows, ["by chance", "", *cells([chance])]], texts=2)


def _other_words(figures: Mapping[str, Any], chance: Mapping[str, Any]) -> list[str]:
    def cells(found: Sequence[Mapping[str, Any]]) -> list[str]:
        near = [_mean(found, kind, "among", "R@1") for kind in KINDS]
        far = [_mean(found, kind, "gallery", "R@10") for kind in KINDS]
        return [f"{share:.1f}" for share in (*near, *far)]

    head = [
        *("system", "query"),
        *(f"R@1 of such things, {kind}" for kind in KINDS),
        *(f"R@10 of the gallery, {kind}" for kind in KINDS),
    ]
    rows = _rows(figures, "other words", SAID, cells)
    return table(head, [*rows, ["by chance", "", *cells([chance])]], texts=2)


def _rows(figures: Mapping[str, Any], use: str, names: Mapping[str, str], cells: Any) -> list[list[str]]:
    runs = list(figures["runs"].values())
    rows = []
    for system, by_modality in runs[0].items():
        for place, modality in enumerate(by_modality):
            found = [run[system][modality][use] for run in runs]
            rows.append([system if place == 0 else "", names.get(modality, modality), *cells(found)])
    return rows


def _mean(found: Sequence[Mapping[str, Any]], group: str, where: str, key: str) -> float:
    return float(np.mean([one[group][where][key] for one in found]))
