"""The figures of `benchmarks.encoding` as tables."""

from collections.abc import Mapping
from typing import Any

TIMES = {
    "batch": "a picture of a batch",
    "picture": "a picture alone",
    "sketch": "a drawing",
    "text": "a text",
    "pair": "drawing and text",
    "together": "drawing and text of eight",
}
HEAD = ("threads", "encoder", *TIMES.values(), "two users / one by one", "least cosine")


def markdown(figures: Mapping[str, Any]) -> str:
    """`benchmarks.encoding.measure`: by the clock, CPU time, and what is found with either."""
    rows = figures["rows"]
    found = [
        f"{name}: " + ", ".join(f"{kind} {value:.1f}" for kind, value in recall.items())
        for name, recall in figures["R@10"].items()
    ]
    part = "" if figures["complete"] else " (a PART of the suite: not comparable)"
    title = (
        f"Milliseconds by the clock / of CPU, medians of {figures['rounds']}; batches of {figures['batch']}"
    )
    return "\n".join(
        [
            title,
            "",
            f"| {' | '.join(HEAD)} |",
            f"|---:|---|{'---:|' * (len(HEAD) - 2)}",
            *(f"| {' | '.join(_cells(row))} |" for row in rows),
            "",
            f"R@10 on {figures['suite']}, {figures['images']:,} pictures{part}: {'; '.join(found)}",
        ]
    )


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [
        str(row["threads"]),
        row["encoder"],
        *(f"{row[f'{what}_ms']:.1f} / {row[f'{what}_cpu_ms']:.1f}" for what in TIMES),
        f"{row['two_users']:.2f}",
        f"{min(row['cosine'].values()):.6f}",
    ]
