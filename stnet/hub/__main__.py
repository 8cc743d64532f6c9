"""Checkpoints and galleries, from the Hugging Face Hub and to it.

python -m stnet.hub fetch owner/name@revision --kind gallery
python -m stnet.hub push assets/gallery owner/name --kind gallery
"""

import argparse
import sys
from pathlib import Path

from stnet.command_line import exit_code
from stnet.hub.folders import PATTERNS, local_folder
from stnet.hub.pushing import push


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
    upload = commands.add_parser("push", help="upload a checkpoint or gallery (private unless --public)")
    upload.add_argument("folder", type=Path)
    upload.add_argument("repository", help="owner/name")
    upload.add_argument("--public", action="store_true", help="make a new repository public")
    for command in (fetch, upload):
        command.add_argument("--kind", choices=sorted(PATTERNS), default="checkpoint")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, or 2 if there is no such thing, it isn't whole, or the Hub refuses."""
    options = parse_arguments(arguments)

    def work() -> None:
        if options.command == "fetch":
            print(local_folder(options.source, options.kind).path)
        else:
            print(push(options.folder, options.repository, options.kind, public=options.public))

    return exit_code(work)


if __name__ == "__main__":
    sys.exit(main())
