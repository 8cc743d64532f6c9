"""The figures of `benchmarks.newcomer` as a table."""

from collections.abc import Mapping
from typing import Any

WAYS = {"drawn": "the drawing alone", "named": "the drawing and the thing's name"}


def markdown(figures: Mapping[str, Any]) -> str:
    """How many drawings found the thing, and how many of the pictures that hold it were shown.

    Args:
        figures: `shown`, how many results are looked at, and `drawings`: for each its `pictures`, how many
            hold the thing, and by each of WAYS how many of them were found.
    """
    drawings, shown = figures["drawings"], figures["shown"]
    possible = sum(min(row["pictures"], shown) for row in drawings)
    lines = [
        f"| {len(drawings)} drawings, asked with | find the thing | pictures of it in the first {shown} |",
        "|---|---:|---:|",
    ]
    for way, name in WAYS.items():
        found = [row[way] for row in drawings]
        lines.append(f"| {name} | {sum(map(bool, found))} | {sum(found)} of {possible} |")
    return "\n".join(lines)
