"""Train a tiny model on shapes drawn in code, index pictures with it, search them and measure: no download.

Every step is one of the commands that real runs are made of, printed before it runs. All files go to
runs/tiny of the folder where this is started. A killed run goes on, a finished one is only measured again:
delete runs/tiny to train anew.
"""

import argparse
import json
import runpy
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from stnet.data.drawings.drawings import Sketcher
from stnet.data.suites import scene_suite, suite_objects
from stnet.training.recipe import read_recipe
from stnet.training.recipe import run as run_recipe

CONFIGS = Path(__file__).resolve().parents[1] / "configs" / "tiny"
FOLDER = Path("runs/tiny")
SUITE = "shapes"


def command(module: str, *arguments: object) -> None:
    """Run `python -m module arguments`, in this process, so that libraries load once.

    Raises:
        SystemExit: with the command's exit code if it fails.
    """
    words = [str(argument) for argument in arguments]
    print(f"\n+ python -m {module} {' '.join(words)}", flush=True)
    before = sys.argv
    sys.argv = [module, *words]
    try:
        with warnings.catch_warnings():
            # that a module was imported before is no matter: a command keeps nothing between two runs
            warnings.filterwarnings("ignore", ".* found in sys.modules", RuntimeWarning)
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            raise
    finally:
        sys.argv = before


def train(share: float) -> Path:
    """The steps of training, each that share of its configured length; the checkpoint that they end in."""
    checkpoint = FOLDER / "checkpoint"
    print(f"\n+ python -m stnet.train --recipe {CONFIGS} --export {checkpoint}", flush=True)
    whole = read_recipe(CONFIGS)
    run_recipe([c.limited(max(1, round(c.steps * share)), None) for c in whole], checkpoint)
    return checkpoint


def index(checkpoint: Path, images: int) -> Path:
    """Write the suite's pictures and index them; the gallery's folder."""
    pictures, gallery = FOLDER / "pictures", FOLDER / "gallery"
    some = ("--size", 128, "--images", images, "--out", pictures)
    command("stnet.data.suites", "--suite", SUITE, *some)
    places = ("--images", pictures, "--checkpoint", checkpoint, "--out", gallery, "--overwrite")
    command("index_builder", *places)
    return gallery


def search(checkpoint: Path, gallery: Path) -> list[str]:
    """Ask the suite's first question by file and words; the arguments that asked it."""
    bank, split = suite_objects(SUITE, Path())
    query = scene_suite(SUITE, bank, Sketcher(), split, images=1).query(0)
    drawing = FOLDER / "query.png"
    Image.fromarray(255 - query.sketch).save(drawing)
    question = ["--sketch", str(drawing), "--text", query.text, "--top-k", "5"]
    question += ["--checkpoint", str(checkpoint), "--gallery", str(gallery)]
    command("stnet.search", *question)
    return question


def table(figures: Mapping[str, Any]) -> str:
    """What was found, beside what guessing would find."""
    images, place = figures["images"], figures["localization"]
    lines = [f"{figures['queries']} queries on {images} pictures", ""]
    lines += ["| query | R@1 | R@10 | MdR |", "|---|---:|---:|---:|"]
    for name, row in figures["retrieval"].items():
        lines.append(f"| {name} | {row['R@1']:.1f} | {row['R@10']:.1f} | {row['MdR']:g} |")
    chance = [100 * min(shown, images) / images for shown in (1, 10)]
    lines += [f"| chance | {chance[0]:.1f} | {chance[1]:.1f} | {(images + 1) / 2:g} |", ""]
    lines.append(
        f"The sketch's strongest patch is on the object in {place['pointing game']:.1f} % "
        f"(chance by area {place['pointing game, chance by area']:.1f} %, "
        f"any object at random {place['pointing game, chance by object']:.1f} %)."
    )
    return "\n".join(lines)


def run(share: float = 1.0, images: int = 300) -> dict[str, Any]:
    """Everything; the figures of `stnet.evaluate`."""
    checkpoint = train(share)
    gallery = index(checkpoint, images)
    found = FOLDER / "figures.json"
    measured = ("--suite", SUITE, "--images", images, "--checkpoint", checkpoint, "--json", found)
    command("stnet.evaluate", *measured, "--workers", 0)
    question = search(checkpoint, gallery)
    figures: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    print(f"\n{table(figures)}\n\ncheckpoint {checkpoint}, gallery {gallery}. Search it:")
    print("python -m stnet.search " + " ".join(f'"{word}"' if " " in word else word for word in question))
    print(f"STNET_CHECKPOINT={checkpoint} STNET_GALLERY={gallery} make app")
    return figures


def main(arguments: list[str] | None = None) -> int:
    """Command line: 0, or the exit code of the step that failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the configured steps, 0..1 (1)")
    parser.add_argument("--images", type=int, default=300, help="pictures in the gallery, at most 300 (300)")
    options = parser.parse_args(arguments)
    if not 0 < options.share <= 1 or not 1 <= options.images <= 300:
        parser.error("--share must be above 0 and at most 1, --images 1 to 300")
    run(options.share, options.images)
    return 0


if __name__ == "__main__":
    sys.exit(main())
