"""The figures of a suite as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any


def markdown(figures: Mapping[str, Any]) -> str:
    """All that `stnet.evaluation.runner.measure` found, in tables that fit a README."""
    part = "" if figures["complete"] else " (a PART of the suite: not comparable)"
    lines = [
        f"**{figures['suite']}**: {figures['queries']} queries on {figures['images']} pictures{part}",
        "",
    ]
    lines += _retrieval(figures)
    if "gain" in figures:
        lines += [
            "",
            f"Sketch + text over the better half alone: {figures['gain']['R@10']:+.1f} points of R@10.",
        ]
    if any(figures["groups"].values()):
        lines += ["", *_groups(figures)]
    if figures["sketch by category"] is not None:
        lines += ["", *_categories(figures)]
    if figures.get("localization") is not None:
        lines += ["", *_localization(figures["localization"])]
    if "candidates" in figures:
        lines += ["", *_candidates(figures), "", *_percentiles(figures)]
    if "robustness" in figures:
        lines += ["", *_robustness(figures["robustness"])]
    if "search" in figures:
        lines += ["", *_search(figures["search"])]
    if "errors" in figures:
        lines += ["", *_errors(figures["errors"])]
    return "\n".join(lines)


NAMES = {"sketch+text": "sketch + words", "text": "words"}  # of queries, for people
_SHOWN = ("R@1", "R@5", "R@10", "R@50", "R@100")


def overview(suites: Mapping[str, Mapping[str, Any]]) -> str:
    """Recall in per cent, median rank and the R@10 of chance: one line for each suite and kind of query."""
    rows = []
    for name, figures in suites.items():
        part = "" if figures["complete"] else " (a PART)"
        chance = f"{figures['chance']['R@10']:.3g}"
        for place, (modality, found) in enumerate(figures["retrieval"].items()):
            label = f"{name}{part}" if place == 0 else ""
            recalls = [f"{found[column]:.1f}" for column in _SHOWN]
            rows.append([label, NAMES.get(modality, modality), *recalls, f"{found['MdR']:g}", chance])
    head = ["suite", "query", *_SHOWN, "MdR", "chance R@10"]
    return "\n".join(table(head, rows, texts=2))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> list[str]:
    """The lines of a table whose first `texts` columns aren't numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---" * texts + "|---:" * (len(head) - texts) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _retrieval(figures: Mapping[str, Any]) -> list[str]:
    columns = list(next(iter(figures["retrieval"].values())))
    rows = []
    for name, row in figures["retrieval"].items():
        rows.append([name, *(f"{row[column]:.1f}" for column in columns)])
        oracle = figures["oracle"].get(name)
        if oracle is not None:
            rows.append([f"{name}, oracle", *(f"{oracle[column]:.1f}" for column in columns)])
    return table(["query", *columns], rows)


def _groups(figures: Mapping[str, Any]) -> list[str]:
    modalities = list(figures["groups"])
    labels = figures["groups"][modalities[0]]
    rows = [
        [
            label,
            str(found["queries"]),
            *(f"{figures['groups'][name][label]['R@10']:.1f}" for name in modalities),
        ]
        for label, found in labels.items()
    ]
    return table(["kind of query", "queries", *(f"R@10, {name}" for name in modalities)], rows)


def _categories(figures: Mapping[str, Any]) -> list[str]:
    found, oracle = figures["sketch by category"], figures["oracle"]["sketch"]
    columns = ("mAP@100", "Prec@10", "Prec@100", "chance")
    rows = [
        [
            label,
            *(f"{found[label][column]:.1f}" for column in columns),
            f"{found[label]['Prec@10 over chance']:.1f} x",
        ]
        for label in ("mean of queries", "mean of categories")
    ]
    rows.append(["oracle", "100.0", f"{oracle['Prec@10']:.1f}", f"{oracle['Prec@100']:.1f}", "", ""])
    head = f"sketch alone, by category ({found['categories']['number']})"
    return table([head, *columns, "Prec@10 over chance"], rows)


def _localization(found: Mapping[str, float]) -> list[str]:
    hits = [found[f"pointing game{which}"] for which in ("", ", same category", *_CHANCES)]
    overlaps = [found[f"mean IoU{which}"] for which in ("", ", whole picture", ", chance by object")]
    rows = [
        ["pointing game, %", f"{hits[0]:.1f}", f"{hits[1]:.1f}", f"{hits[2]:.1f}", f"{hits[3]:.1f}"],
        ["mean IoU", f"{overlaps[0]:.3f}", "", f"{overlaps[1]:.3f}", f"{overlaps[2]:.3f}"],
    ]
    head = ("localization", "target", "any of its category", "chance: point or picture", "chance: any object")
    return table(head, rows)


_CHANCES = (", chance by area", ", chance by object")


def _candidates(figures: Mapping[str, Any]) -> list[str]:
    pools = list(next(iter(figures["candidates"].values())))
    rows = [
        [name, *(f"{found[pool]:.2f}" for pool in pools)] for name, found in figures["candidates"].items()
    ]
    return table(["exhaustive top 10 among the candidates, %", *pools], rows)


def _percentiles(figures: Mapping[str, Any]) -> list[str]:
    first = next(iter(figures["percentile"].values()))["reached"]
    rows = [
        [
            name,
            *(f"{reached['targets']:.1f} ({reached['chance']:.1f})" for reached in found["reached"].values()),
            f"{found['stated too high by']:.2f}",
        ]
        for name, found in figures["percentile"].items()
    ]
    head = ["targets that reach a percentile, % (chance)", *first, "stated too high by, points"]
    return table(head, rows)


def _robustness(found: Mapping[str, Any]) -> list[str]:
    modalities = list(next(iter(found["changes"].values())))
    rows = [
        [change, *(f"{row[name]:.1f}" for name in modalities)] for change, row in found["changes"].items()
    ]
    for change, row in found["over whole"].items():
        shares = ("" if row[name] is None else f"{row[name]:.2f}" for name in modalities)
        rows.append([f"{change}, over as drawn", *shares])
    return table([f"R@10 of {found['queries']} drawings", *modalities], rows)


def _search(found: Mapping[str, Any]) -> list[str]:
    row = [f"{found['parameters']:,}", f"{found['features']:,}", f"{found['milliseconds']:.2f}"]
    return table(["parameters", "numbers stored for a picture", "CPU ms to rank, a query"], [row], texts=0)


def _errors(found: Mapping[str, Any]) -> list[str]:
    rows = [[rule, str(count)] for rule, count in found["rules"].items()]
    head = f"why {found['looked at']} of {found['failed']} queries failed (asked by {found['modality']})"
    return table([head, "queries"], rows)
