"""A run's log as a picture: one panel for each loss."""

import json
import math
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

LOG_NAME = "log.jsonl"
PLOT_NAME = "losses.png"
COLUMNS = 4
WIDTH, HEIGHT = 320, 200  # of a panel, in pixels
LEFT, TOP, RIGHT, BOTTOM = 60, 30, 14, 26  # around a panel's curve
INK, FAINT, CURVE = "#333333", "#dddddd", "#1f6fb4"
NOT_CURVES = ("step", "minutes", "progress", "images")


def read_log(path: Path) -> list[dict[str, Any]]:
    """A run's log by step; of what a killed run did twice, the second time counts.

    Raises:
        ValueError: if it can't be read, or has no lines.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        rows = {row["step"]: row for row in lines}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no training log: {error}") from error
    if not rows:
        raise ValueError(f"{path} has no lines yet; the run's log_every says how many steps one takes")
    return [rows[step] for step in sorted(rows)]


def draw(rows: list[dict[str, Any]]) -> Image.Image:
    """A panel for every loss and measure, and for the learning rate, each against the optimizer steps."""
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in NOT_CURVES]
    columns = min(COLUMNS, len(names))
    lines = math.ceil(len(names) / columns)
    picture = Image.new("RGB", (columns * WIDTH, lines * HEIGHT), "white")
    pen = ImageDraw.Draw(picture)
    for number, name in enumerate(names):
        points = [(row["step"], row[name]) for row in rows if row.get(name) is not None]
        _panel(pen, (number % columns * WIDTH, number // columns * HEIGHT), name, points)
    return picture


def _panel(
    pen: ImageDraw.ImageDraw, corner: tuple[int, int], name: str, points: list[tuple[int, float]]
) -> None:
    left, top = corner[0] + LEFT, corner[1] + TOP
    right, bottom = corner[0] + WIDTH - RIGHT, corner[1] + HEIGHT - BOTTOM
    title, label = ImageFont.load_default(15), ImageFont.load_default(11)
    pen.text((left, top - 8), name, INK, title, anchor="ls")
    if not points:
        pen.text(((left + right) / 2, (top + bottom) / 2), "never measured", INK, label, anchor="mm")
        return
    first, last = points[0][0], points[-1][0]
    low, high = min(value for _, value in points), max(value for _, value in points)
    if low == high:  # a flat curve runs through the middle
        low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
    for share in (0.0, 0.5, 1.0):
        y = bottom - share * (bottom - top)
        pen.line((left, y, right, y), FAINT)
        pen.text((left - 6, y), f"{low + share * (high - low):.3g}", INK, label, anchor="rm")
    pen.text((left, bottom + 6), f"{first:,}", INK, label, anchor="lt")
    pen.text(((left + right) / 2, bottom + 6), "step", INK, label, anchor="mt")
    pen.text((right, bottom + 6), f"{last:,}", INK, label, anchor="rt")
    across, up = (right - left) / max(last - first, 1), (bottom - top) / (high - low)
    curve = [(left + (step - first) * across, bottom - (value - low) * up) for step, value in points]
    pen.line(curve, CURVE, 2, joint="curve")
    pen.circle(curve[-1], 3, CURVE)  # a run's only point is seen, too


def plot(run: Path) -> Path:
    """Draw the log of a run's folder into it; the path of the picture.

    Raises:
        ValueError: if the run has no log.
    """
    target = run / PLOT_NAME
    draw(read_log(run / LOG_NAME)).save(target, optimize=True)
    return target
