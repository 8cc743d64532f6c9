"""`python -m index_builder cut GALLERY --shards 3`: a gallery cut for several machines."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped]

from stnet.gallery.cutting import cut_gallery
from stnet.gallery.gallery import Gallery


def cut(arguments: list[str]) -> None:
    """The command `cut`.

    Raises:
        GalleryError, OSError: if it can't be done.
    """
    parser = argparse.ArgumentParser(
        prog="python -m index_builder cut", description="Cut a gallery for several machines."
    )
    parser.add_argument("gallery", type=Path)
    parser.add_argument("--shards", type=int, required=True, help="for how many machines")
    parser.add_argument("--out", type=Path, help="folder of the shards (default: GALLERY-shards)")
    parser.add_argument("--overwrite", action="store_true", help="replace the shards that are there")
    options = parser.parse_args(arguments)
    write_shards(options.gallery, options.shards, options.out, overwrite=options.overwrite)


def write_shards(folder: Path, shards: int, target: Path | None = None, *, overwrite: bool) -> None:
    """Cut the gallery of a folder, with a progress bar; `target` is else a folder beside it, NAME-shards.

    Raises:
        GalleryError, OSError: if it can't be done.
    """
    folder = folder.absolute()
    gallery = Gallery.open(folder)
    target = target or folder.with_name(f"{folder.name}-shards")
    try:
        with tqdm(total=shards, unit="shard", desc="cutting", file=sys.stderr) as bar:
            cut_gallery(
                gallery, shards, target, overwrite=overwrite, progress=lambda done: bar.update() and None
            )
    finally:
        gallery.close()
    print(f"{target}: {shards} shards", file=sys.stderr)
