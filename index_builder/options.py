"""What the commands of the index builder take."""

import argparse
from pathlib import Path

from index_builder.settings import BuildSettings

CHECKPOINT = "folder or owner/name@revision (default $STNET_CHECKPOINT or assets/)"
DEVICE = "cpu, cuda, ... (default $STNET_DEVICE or what there is)"


def build_parser() -> argparse.ArgumentParser:
    """Of the build itself, which has no name."""
    parser = argparse.ArgumentParser(
        prog="python -m index_builder",
        description="Make a gallery that can be searched from your pictures. Run again after it was cut off, "
        "it goes on. Other commands: add, remove, watch, merge, cut and verify; `python -m index_builder add "
        "--help` and so on say what they take.",
    )
    parser.add_argument("--images", required=True, help="folder, owner/name of a dataset, or a .parquet file")
    parser.add_argument("--out", required=True, type=Path, help="the gallery's folder")
    parser.add_argument("--name", help="what people will call it (default: the folder's name)")
    parser.add_argument("--overwrite", action="store_true", help="replace the gallery that is there")
    parser.add_argument("--limit", type=positive, help="take only the first so many pictures")
    parser.add_argument(
        "--part",
        type=_part,
        metavar="I/N",
        help="build the I-th of N parts; `merge` makes one of them",
    )
    parser.add_argument(
        "--picture-size", type=positive, default=512, help="longer side kept, in pixels (512)"
    )
    parser.add_argument(
        "--picture-format", choices=("jpeg", "webp"), default="jpeg", help="webp is smaller, slower"
    )
    parser.add_argument(
        "--shards", type=positive, help="also cut the gallery for so many machines, into OUT-shards"
    )
    _add_source(parser)
    _add_encoding(parser)
    return parser


def add_parser() -> argparse.ArgumentParser:
    """Of `add`."""
    parser = _changing("add", "Add pictures to a gallery; what it has is not encoded again.")
    parser.add_argument("--images", required=True, help="folder, owner/name of a dataset, or a .parquet file")
    parser.add_argument(
        "--renew",
        action="store_true",
        help="replace pictures whose ids are there; else they are skipped",
    )
    _add_source(parser)
    _add_encoding(parser)
    return parser


def remove_parser() -> argparse.ArgumentParser:
    """Of `remove`."""
    parser = _changing("remove", "Remove pictures from a gallery.")
    parser.add_argument("ids", nargs="+", metavar="ID", help="as results and metadata name it")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def watch_parser() -> argparse.ArgumentParser:
    """Of `watch`."""
    parser = _changing("watch", "Keep a gallery like a folder of photos, until it is stopped.")
    parser.add_argument("--images", required=True, type=Path, help="the folder")
    parser.add_argument("--name", help="what people will call a gallery that isn't there yet")
    parser.add_argument(
        "--every",
        type=float,
        default=5.0,
        help="seconds between two looks (5); two must be alike",
    )
    _add_encoding(parser)
    return parser


def merge_parser() -> argparse.ArgumentParser:
    """Of `merge`."""
    parser = argparse.ArgumentParser(
        prog="python -m index_builder merge",
        description="Make one gallery of several, as --part builds them.",
    )
    parser.add_argument("parts", nargs="+", type=Path, help="galleries, in the order of their parts")
    parser.add_argument("--out", required=True, type=Path, help="the gallery's folder")
    parser.add_argument("--name", help="what people will call it (default: the folder's name)")
    parser.add_argument("--overwrite", action="store_true", help="replace the gallery that is there")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def verify_parser() -> argparse.ArgumentParser:
    """Of `verify`."""
    parser = _changing("verify", "Check a gallery.")
    parser.add_argument("--checkpoint", help="also make a sample of the features anew with its model")
    parser.add_argument("--device", help=DEVICE)
    parser.add_argument("--json", action="store_true", help="print what was checked as JSON")
    return parser


def settings_of(options: argparse.Namespace) -> BuildSettings:
    """From what a parser with pictures and encoding took."""
    known = {"picture_size", "picture_format", "batch_size", "limit", "part"}
    given = {name: value for name, value in vars(options).items() if name in known}
    return BuildSettings(picture_quality=min(options.picture_quality, 100), **given)


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)


def _part(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise argparse.ArgumentTypeError(f"expected a part like 2/3, got {text!r}")
    return int(number), int(of)


def _changing(command: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m index_builder {command}", description=description)
    parser.add_argument("gallery", type=Path, help="its folder")
    return parser


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--split", help="of a dataset (default: train, or the only one)")
    parser.add_argument(
        "--image-column", help="of a dataset or parquet file (default: the only one that can be)"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def _add_encoding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", help=CHECKPOINT)
    parser.add_argument("--picture-quality", type=positive, default=85, help="1 to 100 (85)")
    parser.add_argument("--batch-size", type=positive, default=32, help="pictures encoded at a time (32)")
    parser.add_argument("--device", help=DEVICE)
