"""The figures of `benchmarks.building` as a table."""

from collections.abc import Mapping
from typing import Any

HEAD = (
    "pictures",
    "build, ms",
    "encoder, ms",
    "encoder's rate reached",
    "build, CPU ms",
    "encoder, CPU ms",
    "encoder's share of CPU",
    "peak memory, MiB",
)


def markdown(figures: Mapping[str, Any]) -> str:
    """`rows` of `benchmarks.building.measure`, one line for each size; times are a picture's."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---:|' * len(HEAD)}"]
    lines += [f"| {' | '.join(_cells(row))} |" for row in figures["rows"]]
    return "\n".join(lines)


def _cells(row: Mapping[str, Any]) -> list[str]:
    return [
        f"{row['pictures']:,}",
        f"{row['build_ms']:.1f}",
        f"{row['encoder_ms']:.1f}",
        f"{100 * row['encoder_ms'] / row['build_ms']:.0f} %",
        f"{row['build_cpu_ms']:.1f}",
        f"{row['encoder_cpu_ms']:.1f}",
        f"{100 * row['encoder_cpu_ms'] / row['build_cpu_ms']:.0f} %",
        f"{row['peak_mib']:,.0f}",
    ]
