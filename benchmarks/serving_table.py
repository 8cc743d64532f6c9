"""The figures of `benchmarks.serving` as a table."""

from collections.abc import Mapping
from typing import Any

HEAD = (
    "pictures",
    "search",
    "p50, ms",
    "p95, ms",
    "CPU, ms",
    "p50 / floor",
    "CPU / floor",
    "top 10 held",
    "MB read",
    "cold, ms",
)


def markdown(figures: Mapping[str, Any]) -> str:
    """`rows` of `benchmarks.serving.measure`, one line for each size and way to search."""
    lines = [f"| {' | '.join(HEAD)} |", "|---:|---|" + "---:|" * (len(HEAD) - 2)]
    lines += [f"| {' | '.join(_cells(row))} |" for row in figures["rows"]]
    return "\n".join(lines)


def _cells(row: Mapping[str, Any]) -> list[str]:
    cold = row["cold_ms"]
    return [
        f"{row['pictures']:,}",
        row["search"],
        _number(row["p50_ms"]),
        _number(row["p95_ms"]),
        _number(row["cpu_ms"]),
        f"{row['p50_ms'] / row['floor_ms']:.1f}",
        f"{row['cpu_ms'] / row['floor_cpu_ms']:.1f}",
        f"{row['held']:.3f}",
        _number(row["bytes"] / 1e6),
        "" if cold is None else _number(cold),
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
