"""python -m index_builder --images PHOTOS --out GALLERY, or: python -m index_builder verify GALLERY"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped]

from index_builder.building import BuildReport, build_gallery
from index_builder.settings import BuildSettings
from index_builder.sources.folder import FolderSource, counted
from index_builder.sources.opening import open_source
from index_builder.verifying import verify_gallery
from stnet.characters import printable
from stnet.checkpoint import choose_device, choose_source, load_model
from stnet.command_line import exit_code, print_json

_NAMED = 20  # skipped pictures named on the terminal; --json names all


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index_builder",
        description="Make a gallery that can be searched from your pictures. "
        "`python -m index_builder verify GALLERY` checks one.",
    )
    parser.add_argument("--images", required=True, help="folder, owner/name of a dataset, or a .parquet file")
    parser.add_argument(
        "--checkpoint", help="folder or owner/name@revision (default $STNET_CHECKPOINT or assets/)"
    )
    parser.add_argument("--out", required=True, type=Path, help="the gallery's folder")
    parser.add_argument("--name", help="what people will call it (default: the folder's name)")
    parser.add_argument("--overwrite", action="store_true", help="replace the gallery that is there")
    parser.add_argument("--split", help="of a dataset (default: train, or the only one)")
    parser.add_argument(
        "--image-column", help="of a dataset or parquet file (default: the only one that can be)"
    )
    parser.add_argument(
        "--picture-size", type=_positive, default=512, help="longer side kept, in pixels (512)"
    )
    parser.add_argument(
        "--picture-format", choices=("jpeg", "webp"), default="jpeg", help="webp is smaller, slower"
    )
    parser.add_argument("--picture-quality", type=_positive, default=85, help="1 to 100 (85)")
    parser.add_argument("--batch-size", type=_positive, default=32, help="pictures encoded at a time (32)")
    parser.add_argument("--limit", type=_positive, help="take only the first so many pictures")
    parser.add_argument("--device", help="cpu, cuda, ... (default $STNET_DEVICE or what there is)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _verify_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index_builder verify", description="Check a gallery.")
    parser.add_argument("gallery", type=Path)
    parser.add_argument("--checkpoint", help="also make a sample of the features anew with its model")
    parser.add_argument("--device", help="cpu, cuda, ... (default $STNET_DEVICE or what there is)")
    parser.add_argument("--json", action="store_true", help="print what was checked as JSON")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)


def _build(arguments: list[str]) -> None:
    options = _build_parser().parse_args(arguments)
    source = open_source(options.images, split=options.split, column=options.image_column)
    loaded = load_model(choose_source("checkpoint", options.checkpoint), choose_device(options.device))
    total = len(source) if options.limit is None else min(len(source), options.limit)
    settings = BuildSettings(
        picture_size=options.picture_size,
        picture_format=options.picture_format,
        picture_quality=min(options.picture_quality, 100),
        batch_size=options.batch_size,
        limit=options.limit,
    )
    with tqdm(total=total, unit="picture", desc="indexing", file=sys.stderr) as bar:
        report = build_gallery(
            source,
            loaded,
            options.out,
            name=options.name,
            overwrite=options.overwrite,
            settings=settings,
            progress=lambda done: bar.update(done - bar.n) and None,
        )
    others = source.others if isinstance(source, FolderSource) else {}
    if options.json:
        print_json(report.to_dict() | {"others": others})
    else:
        print(_summary(report, others))


def _summary(report: BuildReport, others: Mapping[str, int]) -> str:
    rate = report.to_dict()["images_per_second"]
    lines = [
        f"{report.gallery}: {report.indexed:,} pictures in {report.seconds:.1f} s ({rate} a second), "
        f"{report.bytes / 2**20:.1f} MiB"
    ]
    if report.skipped:
        lines.append(f"skipped {len(report.skipped):,}:")
        lines += [
            f"  {printable(item['id'])}: {printable(item['reason'])}" for item in report.skipped[:_NAMED]
        ]
    if len(report.skipped) > _NAMED:
        lines.append(f"  and {len(report.skipped) - _NAMED:,} more (--json names all)")
    if others:
        lines.append(f"left alone, being no pictures: {printable(counted(others))}")
    return "\n".join(lines)


def _verify(arguments: list[str]) -> None:
    options = _verify_parser().parse_args(arguments)
    loaded = load_model(options.checkpoint, choose_device(options.device)) if options.checkpoint else None
    checked = verify_gallery(options.gallery, loaded)
    if options.json:
        print_json(checked)
        return
    sample = f", {checked['recomputed']} made anew (cosine >= {checked['least_cosine']})" if loaded else ""
    print(
        f"{options.gallery}: sound; {checked['size']:,} pictures, {checked['bytes'] / 2**20:.1f} MiB{sample}"
    )


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 0, or 2 with one line on stderr."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["verify"]:
        return exit_code(lambda: _verify(given[1:]))
    return exit_code(lambda: _build(given))


if __name__ == "__main__":
    sys.exit(main())
