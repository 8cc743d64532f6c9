"""``python -m benchmarks.paper_robustness DRAWINGS``: what a camera or a scanner costs a drawing.

How many of the first ten pictures found by a drawing are found by the same drawing photographed, on ruled
paper, in a dark frame and so on; how alike the sketch vectors are; and how long the reading takes.
"""

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps

from benchmarks.paper_changes import CHANGES, changed
from stnet.data.drawings.drawings import held_out_strokes
from stnet.data.drawings.sketches import fit
from stnet.search.engine import SearchEngine
from stnet.strokes import render_strokes

SIDE = 800  # pixels of a drawing's sheet
PEN = SIDE / 64  # as wide as the page's
FIRST = 10  # results that are compared


def drawings(folder: Path, count: int) -> list[Image.Image]:
    """Held-out drawings of `count` categories spread over the folder's, one each, black on white in mode "L".

    Raises ValueError for a folder without drawings, or a malformed file.
    """
    chosen = [found[0][1] for found in held_out_strokes(folder).values()]
    if count < 1 or not chosen:
        raise ValueError(
            f"expected 1 or more drawings out of {folder}, which holds out {len(chosen)}; got {count}"
        )
    step = max(1, len(chosen) // count)
    return [_drawn(fit(strokes)) for strokes in islice(chosen, 0, step * count, step)]


def _drawn(strokes: list[np.ndarray]) -> Image.Image:
    return ImageOps.invert(Image.fromarray(render_strokes(strokes, size=SIDE, width=PEN)))


def measure(engine: SearchEngine, sheets: Sequence[Image.Image]) -> dict[str, dict[str, float]]:
    """For every change: `kept` of the first ten, `likeness` (cosine), `milliseconds` to read one sheet."""
    clean = [_found(engine, sheet) for sheet in sheets]
    return {name: _compared(engine, sheets, clean, name) for name in CHANGES}


def _compared(
    engine: SearchEngine,
    sheets: Sequence[Image.Image],
    clean: Sequence[tuple[frozenset[str], np.ndarray]],
    name: str,
) -> dict[str, float]:
    kept, likeness, seconds = [], [], []
    for sheet, (expected, vector) in zip(sheets, clean, strict=True):
        photo = changed(sheet, name)
        started = time.perf_counter()
        engine.loaded.processor.sketch(photo)
        seconds.append(time.perf_counter() - started)
        found, other = _found(engine, photo)
        kept.append(len(expected & found))
        likeness.append(float(vector @ other))
    return {
        "kept": float(np.mean(kept)),
        "likeness": float(np.mean(likeness)),
        "milliseconds": float(np.median(seconds)) * 1000,
    }


@torch.inference_mode()
def _found(engine: SearchEngine, sheet: Image.Image) -> tuple[frozenset[str], np.ndarray]:
    """The ids of the first ten, and the unit vector of the sketch; of blank paper none, and zeros."""
    sketch = engine.loaded.processor.sketch(sheet)
    if sketch is None:
        return frozenset(), np.zeros(engine.loaded.model.config.projection_dim, np.float32)
    vector = engine.loaded.model.encode_sketch(sketch.to(engine.device))[0].cpu().numpy()
    results = engine.search(sheet, top_k=FIRST).results
    return frozenset(result.id for result in results), vector / np.linalg.norm(vector)


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """What `measure` found, in Markdown."""
    return "\n".join(_rows(figures))


def _rows(figures: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield f"| the drawing | of the first {FIRST} the same | likeness | ms to read |"
    yield "|---|---|---|---|"
    for name, row in figures.items():
        yield f"| {name} | {row['kept']:.1f} | {row['likeness']:.2f} | {row['milliseconds']:.0f} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper_robustness", description=__doc__)
    parser.add_argument("drawings", type=Path, help="a folder of drawings as strokes: *.ndjson, *.ndjson.gz")
    parser.add_argument("--count", type=int, default=50, help="how many drawings (50)")
    parser.add_argument("--checkpoint", type=Path, default=Path("assets/checkpoint"), help="its folder")
    parser.add_argument("--gallery", type=Path, default=Path("assets/gallery"), help="its folder")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    try:
        sheets = drawings(options.drawings, options.count)
        engine = SearchEngine.from_pretrained(options.checkpoint, options.gallery)
        figures: dict[str, Any] = {"drawings": len(sheets), "changes": measure(engine, sheets)}
        if options.json:
            options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(table(figures["changes"]))


if __name__ == "__main__":
    main()
