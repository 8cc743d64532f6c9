"""The build: read, encode, write, seal. Pictures that can't be read are skipped and named."""

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from PIL import Image

from index_builder.sources.entry import Entry, Source, SourceError
from stnet.checkpoint import LoadedModel
from stnet.gallery.clustering import PARTS
from stnet.gallery.encoding import Features, embed
from stnet.gallery.manifest import DATA_FILES, Manifest, seal_file, write_manifest
from stnet.gallery.publishing import build_folder, publish, refuse_target, target_folder
from stnet.gallery.writing import GalleryWriter, StoredPicture, store_picture
from stnet.pictures import PictureError, open_picture, picture_to_rgb


@dataclass(frozen=True)
class BuildSettings:
    """How pictures are stored and encoded.

    Attributes:
        picture_size: bound on the longer side of stored pictures, in pixels.
        picture_format: "jpeg" or "webp" (smaller, slower to write).
        picture_quality: 1..100.
        batch_size: pictures encoded at a time.
        limit: stop after so many entries of the source; None for all.
    """

    picture_size: int = 512
    picture_format: str = "jpeg"
    picture_quality: int = 85
    batch_size: int = 32
    limit: int | None = None


@dataclass(frozen=True)
class BuildReport:
    """What became of a source.

    Attributes:
        gallery: the folder.
        indexed: pictures in the gallery.
        skipped: id and reason of every picture that is not.
        seconds: from the first picture to the sealed gallery.
        bytes: size of the gallery's files.
    """

    gallery: str
    indexed: int
    seconds: float
    bytes: int
    skipped: list[dict[str, str]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        return asdict(self) | {"images_per_second": round(self.indexed / max(self.seconds, 1e-9), 1)}


# pictures -> their features
Encode = Callable[[list[Image.Image]], Features]


class _Prepared(NamedTuple):
    id: str
    metadata: dict[str, Any]
    picture: StoredPicture


class _Skipped(NamedTuple):
    id: str
    reason: str


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
        writer = GalleryWriter(folder, loaded.model.config.projection_dim, settings.picture_format)
        try:
            skipped = _write_all(source, encode, writer, settings, progress)
            if writer.rows == 0:
                first = f"; the first: {skipped[0].id}: {skipped[0].reason}" if skipped else ""
                raise SourceError(f"Not one of {len(skipped)} pictures could be read{first}")
            writer.finish()
        finally:
            writer.close()
        size = _seal(folder, _manifest(name, writer.rows, len(skipped), loaded, settings))
        publish(folder, target)
    return BuildReport(
        gallery=str(target),
        indexed=writer.rows,
        seconds=round(perf_counter() - start, 3),
        bytes=size,
        skipped=[item._asdict() for item in skipped],
    )


def _write_all(
    source: Source,
    encode: Encode,
    writer: GalleryWriter,
    settings: BuildSettings,
    progress: Callable[[int], None] | None,
) -> list[_Skipped]:
    skipped: list[_Skipped] = []
    batch: list[_Prepared] = []
    for done, item in enumerate(_prepared(source, settings), 1):
        if isinstance(item, _Skipped):
            skipped.append(item)
        else:
            batch.append(item)
        if len(batch) == settings.batch_size:
            skipped += _write_batch(batch, encode, writer)
            batch = []
        if progress is not None:
            progress(done)
    if batch:
        skipped += _write_batch(batch, encode, writer)
    return skipped


def _prepared(source: Source, settings: BuildSettings) -> Iterator[_Prepared | _Skipped]:
    taken: set[str] = set()
    for number, entry in enumerate(source):
        if settings.limit is not None and number >= settings.limit:
            return
        if entry.id in taken:
            yield _Skipped(entry.id, "an earlier picture has the same id")
            continue
        taken.add(entry.id)
        yield _prepare(entry, settings)


def _prepare(entry: Entry, settings: BuildSettings) -> _Prepared | _Skipped:
    if entry.problem is not None:
        return _Skipped(entry.id, entry.problem)
    if not entry.content:
        return _Skipped(entry.id, "the source has no picture for it")
    try:
        picture = picture_to_rgb(open_picture(entry.content))
    except PictureError as error:
        return _Skipped(entry.id, str(error))
    stored = store_picture(picture, settings.picture_size, settings.picture_format, settings.picture_quality)
    return _Prepared(entry.id, entry.metadata, stored)


def _write_batch(batch: list[_Prepared], encode: Encode, writer: GalleryWriter) -> list[_Skipped]:
    # what is stored is what is encoded: so a gallery can be verified, and rebuilt from itself
    made = encode([item.picture.pixels for item in batch])
    keep = [item for item, usable in zip(batch, made.usable, strict=True) if usable]
    kept = Features(*(part[made.usable] for part in made))
    if keep:
        writer.add(
            [item.id for item in keep],
            [item.metadata for item in keep],
            [item.picture for item in keep],
            kept,
        )
    rejected = [item for item, usable in zip(batch, made.usable, strict=True) if not usable]
    return [_Skipped(item.id, "the model makes no finite features of it") for item in rejected]


def _manifest(name: str, rows: int, skipped: int, loaded: LoadedModel, settings: BuildSettings) -> Manifest:
    config = loaded.model.config
    return Manifest(
        name=name,
        rows=rows,
        model_name=loaded.name,
        model_fingerprint=loaded.fingerprint,
        image_size=config.image_size,
        grid=config.grid,
        dimension=config.projection_dim,
        parts=PARTS,
        picture_size=settings.picture_size,
        picture_format=settings.picture_format,
        skipped=skipped,
    )


def _seal(folder: Path, manifest: Manifest) -> int:
    """Write the manifest with every file's checksum; returns the size of those files in bytes."""
    for name in DATA_FILES:
        manifest.files[name] = seal_file(folder / name)
    write_manifest(folder, manifest)
    return sum(seal.bytes for seal in manifest.files.values())
