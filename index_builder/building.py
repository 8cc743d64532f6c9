"""The build: read, encode, write, seal. Pictures that can't be read are skipped and named.

Entries of the source become shards of so many neighbours, each sealed for itself; a build that is cut off
goes on after the last of them. Then the shards are written one after the other as one gallery, so that it is
the same whether the build was cut off or not.
"""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from index_builder.assembling import assemble
from index_builder.pieces import Piece, Shape, shard_piece
from index_builder.placing import placed_entries
from index_builder.resuming import Shards
from index_builder.settings import BuildSettings
from index_builder.sharding import Encode, make_shards
from index_builder.sources.entry import Source, SourceError
from stnet.checkpoint import LoadedModel
from stnet.gallery.clustering import PARTS
from stnet.gallery.encoding import embed
from stnet.gallery.manifest import VERSION, Manifest
from stnet.gallery.publishing import build_folder, publish, refuse_target, shards_folder, target_folder


@dataclass(frozen=True)
class BuildReport:
    """What became of a source.

    Attributes:
        gallery: the folder.
        indexed: pictures in the gallery.
        skipped: id and reason of every picture that is not.
        seconds: from the first picture to the sealed gallery.
        bytes: size of the gallery's files.
        kept: pictures among them that an earlier build, which was cut off, had encoded.
    """

    gallery: str
    indexed: int
    seconds: float
    bytes: int
    skipped: list[dict[str, str]] = field(default_factory=list)
    kept: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        made = self.indexed - self.kept
        return asdict(self) | {"images_per_second": round(made / max(self.seconds, 1e-9), 1)}


def build_gallery(
    source: Source,
    loaded: LoadedModel,
    target: Path,
    *,
    name: str | None = None,
    overwrite: bool = False,
    settings: BuildSettings | None = None,
    progress: Callable[[int], None] | None = None,
    encode: Encode | None = None,
) -> BuildReport:
    """Build a gallery, or replace one. Until it is complete nothing of it can be seen.

    If the process is killed or interrupted or the disk fails, the next build of the same gallery keeps the
    shards that were finished, where model, settings and pictures are the same. Meanwhile the pictures and
    features lie on the disk twice: as shards, and as the gallery that is put together from them.

    Args:
        source: the pictures.
        loaded: the model that encodes them and will search them.
        target: the gallery's folder, or a link to it. A mount point (a container's volume) stays one.
        name: what people will call it; default the folder's name.
        overwrite: replace the gallery that is there. A server that has it open keeps the old one.
        progress: called with the number of entries done, after each. What it raises ends the build.
        encode: how to encode a batch with `loaded`, where the model is shared with others; default `embed`.

    Raises:
        GalleryError: if `target` is something else, or another builder is at work on it.
        SourceError: if not one picture could be read.
        OSError: if the disk is full or read-only; what was there before is untouched.
    """
    settings = settings or BuildSettings()
    name = name or Path(os.path.abspath(target)).name
    target = target_folder(target)
    refuse_target(target, overwrite=overwrite)
    encode = encode or partial(embed, loaded.model, loaded.processor)
    start = perf_counter()
    with build_folder(target) as folder:
        shards = Shards(shards_folder(target), build_plan(loaded, settings))
        with shards.in_use():
            shards.keep(placed_entries(source, settings))
            kept = shards.rows
            make_shards(source, encode, shards, settings, progress)
            manifest = _manifest(name, shards, loaded, settings)
            size = assemble(folder, shard_pieces(shards, loaded), manifest)
            publish(folder, target)
    return BuildReport(
        gallery=str(target),
        indexed=manifest.rows,
        seconds=round(perf_counter() - start, 3),
        bytes=size,
        skipped=[item._asdict() for item in shards.skipped],
        kept=kept,
    )


def build_plan(loaded: LoadedModel, settings: BuildSettings) -> dict[str, Any]:
    """What a shard's content depends on besides its entries."""
    return {
        "version": VERSION,
        "model": loaded.fingerprint,
        "picture": [settings.picture_size, settings.picture_format, settings.picture_quality],
        "batch": settings.batch_size,
        "entries": settings.shard_entries,
    }


def shard_pieces(shards: Shards, loaded: LoadedModel) -> list[Piece]:
    """The finished shards in their order."""
    config = loaded.model.config
    shape = Shape(config.grid[0] * config.grid[1], PARTS, config.projection_dim)
    return [shard_piece(shards.folder(number), seal.rows, shape) for number, seal in shards.ordered()]


def _manifest(name: str, shards: Shards, loaded: LoadedModel, settings: BuildSettings) -> Manifest:
    skipped = shards.skipped
    if shards.rows == 0:
        first = f"; the first: {skipped[0].id}: {skipped[0].reason}" if skipped else ""
        raise SourceError(f"Not one of {len(skipped)} pictures could be read{first}")
    config = loaded.model.config
    return Manifest(
        name=name,
        rows=shards.rows,
        model_name=loaded.name,
        model_fingerprint=loaded.fingerprint,
        image_size=config.image_size,
        grid=config.grid,
        dimension=config.projection_dim,
        parts=PARTS,
        picture_size=settings.picture_size,
        picture_format=settings.picture_format,
        skipped=len(skipped),
    )
