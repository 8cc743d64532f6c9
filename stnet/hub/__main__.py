"""Checkpoints, galleries and the demo, from the Hugging Face Hub and to it.

python -m stnet.hub fetch owner/name@revision --kind gallery
python -m stnet.hub push-model assets/checkpoint owner/name --results docs/results
python -m stnet.hub push-gallery assets/gallery owner/name --public
python -m stnet.hub push-space . owner/name --dry-run
"""

import argparse
import sys
from pathlib import Path

from stnet.command_line import exit_code
from stnet.hub.folders import PATTERNS, Kind, local_folder
from stnet.hub.pushing import Files, files_to_push, push, push_space, space_files

KINDS: dict[str, Kind] = {"push-model": "checkpoint", "push-gallery": "gallery"}


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m stnet.hub",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    fetch = commands.add_parser("fetch", help="download a checkpoint or gallery and print its folder")
    fetch.add_argument("source", help="owner/name@revision, or a folder")
    fetch.add_argument("--kind", choices=sorted(PATTERNS), default="checkpoint")
    for name, what in (
        ("push-model", "a checkpoint"),
        ("push-gallery", "a gallery, as a dataset"),
        ("push-space", "the demo of a clone of this repository, as a Space"),
    ):
        command = commands.add_parser(name, help=f"upload {what} (private unless --public)")
        command.add_argument("folder", type=Path)
        command.add_argument("repository", help="owner/name")
        command.add_argument("--public", action="store_true", help="make a new repository public")
        if name == "push-model":
            command.add_argument(
                "--results",
                type=Path,
                help="a folder with the evaluation's JSON: the card shows these figures",
            )
        command.add_argument("--dry-run", action="store_true", help="check, and list what would be uploaded")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, or 2 if there is no such thing, it isn't whole, or the Hub refuses."""
    options = parse_arguments(arguments)

    def work() -> None:
        if options.command == "fetch":
            print(local_folder(options.source, options.kind).path)
        elif options.dry_run:
            print(_listing(_files(options)))
        elif options.command == "push-space":
            print(push_space(options.folder, options.repository, public=options.public))
        else:
            kind, results = KINDS[options.command], _results(options)
            print(push(options.folder, options.repository, kind, public=options.public, results=results))

    return exit_code(work)


def _results(options: argparse.Namespace) -> Path | None:
    return options.results if options.command == "push-model" else None


def _files(options: argparse.Namespace) -> Files:
    if options.command == "push-space":
        return space_files(options.folder)
    return files_to_push(options.folder, KINDS[options.command], _results(options))


def _listing(files: Files) -> str:
    sizes = {
        name: len(content) if isinstance(content, bytes) else content.stat().st_size
        for name, content in files.items()
    }
    lines = [f"{size:>12,}  {name}" for name, size in sizes.items()]
    return "\n".join(
        [*lines, f"{sum(sizes.values()):>12,}  bytes in {len(sizes)} files; nothing was uploaded"]
    )


if __name__ == "__main__":
    sys.exit(main())
