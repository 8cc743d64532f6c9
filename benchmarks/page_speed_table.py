"""The figures of `benchmarks.page_speed` as a table."""

from collections.abc import Mapping
from typing import Any

ROWS = {
    "pen": "from navigation to a pen that draws, ms",
    "search": "from the click on Search to 12 painted pictures, ms",
    "requests": "one search: requests",
    "uploads": "one search: upload POSTs",
    "up": "one search: kB up",
    "down": "one search: kB down",
}


def markdown(figures: Mapping[str, Any]) -> str:
    """Medians of our page and of the plain one: `visits`, and by page (`ours`, `plain`) what ROWS names."""
    ours, plain = figures["ours"], figures["plain"]
    lines = [
        f"| median of {figures['visits']} visits | ours | plain Gradio | ours / plain |",
        "|---|---:|---:|---:|",
    ]
    for name, title in ROWS.items():
        ratio = f"{ours[name] / plain[name]:.2f}" if plain[name] else "-"
        lines.append(f"| {title} | {_number(ours[name])} | {_number(plain[name])} | {ratio} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
