"""``python -m stnet.data.suites``: see its --help."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from stnet.command_line import exit_code
from stnet.data.drawings.drawings import Sketcher
from stnet.data.scenes.backdrops import GPL_COMPATIBLE, Backdrops
from stnet.data.suites.composed import NOTICE_FILE, SUITES, export, scene_suite, suite_objects


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 if the suite can't be made or written."""
    parser = argparse.ArgumentParser(
        prog="python -m stnet.data.suites", description="Write the scenes of a suite as pictures."
    )
    parser.add_argument("--suite", choices=SUITES, default="gallery")
    parser.add_argument(
        "--bank", type=Path, default=Path("data/bank"), help="folder made by stnet.data.objects"
    )
    parser.add_argument("--size", type=int, default=192, help="pixels on a side (192)")
    parser.add_argument("--images", type=int, default=None, help="only the first so many scenes")
    parser.add_argument("--type", choices=("webp", "png"), default="webp", help="type of the pictures (webp)")
    parser.add_argument(
        "--backdrops", type=Path, help="photographs for some places, of the gallery's scenes: a folder"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    return exit_code(lambda: _write(options))


def _write(options: argparse.Namespace) -> None:
    bank, split = suite_objects(options.suite, options.bank)
    backdrops = Backdrops(options.backdrops, licences=GPL_COMPATIBLE) if options.backdrops else None
    suite = scene_suite(options.suite, bank, Sketcher(), split, images=options.images, backdrops=backdrops)
    notice = options.bank / NOTICE_FILE
    export(
        suite,
        options.out,
        size=options.size,
        file_type=options.type,
        notice=notice if options.suite != "shapes" and notice.is_file() else None,
    )
    print(f"{suite.size} scenes of {suite.name} in {options.out}")


if __name__ == "__main__":
    raise SystemExit(main())
