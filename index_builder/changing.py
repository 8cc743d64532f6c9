"""A gallery with more pictures, or fewer, without encoding again what it has.

The changed gallery is written beside the one that stands, from its files and from shards of the new
pictures, and takes its place by the rename of every build: whoever has the old one open keeps it, and its
files are freed when the last of them lets go.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from index_builder.assembling import assemble
from index_builder.building import build_plan, shard_pieces
from index_builder.pieces import Piece, gallery_piece
from index_builder.placing import placed_entries
from index_builder.resuming import Shards
from index_builder.settings import BuildSettings
from index_builder.sharding import Encode, make_shards
from index_builder.sources.entry import Entry, Source
from stnet.checkpoint import LoadedModel
from stnet.gallery.clustering import PARTS
from stnet.gallery.encoding import embed
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError
from stnet.gallery.publishing import build_folder, publish, shards_folder, target_folder

_NAMED = 5
_THERE = "the gallery has a picture with this id"


@dataclass(frozen=True)
class ChangeReport:
    """What became of a gallery.

    Attributes:
        gallery: the folder.
        size: pictures in it now.
        added, replaced, removed: ids of pictures; those replaced are in neither of the others.
        skipped: id and reason of every entry of the source that became none.
        seconds: it took.
    """

    gallery: str
    size: int
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        return dict(self.__dict__)


class _New:
    """A source without the pictures that a gallery has."""

    def __init__(self, source: Source, gallery: Gallery, *, renew: bool) -> None:
        self.name = source.name
        self._source, self._gallery, self._renew = source, gallery, renew

    def __len__(self) -> int:
        return len(self._source)

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._source:
            there = self._gallery.has(entry.id) and not self._renew
            yield Entry(entry.id, None, problem=_THERE) if there else entry


def add_pictures(
    target: Path,
    source: Source,
    loaded: LoadedModel,
    *,
    renew: bool = False,
    remove: Collection[str] = (),
    settings: BuildSettings | None = None,
    progress: Callable[[int], None] | None = None,
    encode: Encode | None = None,
) -> ChangeReport:
    """Encode the pictures of a source and put them behind those of a gallery.

    Rankings are those of a build from all these pictures, up to what a CPU rounds otherwise in another
    batch: what was encoded before is taken over byte by byte. If it is cut off, the next one goes on, as a
    build does.

    Args:
        target: the gallery's folder.
        loaded: its model.
        renew: encode pictures whose ids the gallery has, and let them take the place of those; else they are
            skipped. One that can't be read leaves the old one.
        remove: ids of pictures that go at the same time.
        settings: size and format of pictures are the gallery's, whatever these say.
        progress, encode: see `build_gallery`.

    Raises:
        GalleryError: if there is no gallery or it has another model, a builder is at work on it, a picture to
            remove isn't there, or none would be left.
        OSError: if the disk is full or read-only; the gallery is untouched.
    """
    start, target = perf_counter(), target_folder(target)
    encode = encode or partial(embed, loaded.model, loaded.processor)
    with _standing(target) as (folder, gallery):
        gallery.refuse_other_model(loaded.fingerprint, loaded.name)
        known = gallery.manifest
        settings = replace(
            settings or BuildSettings(), picture_size=known.picture_size, picture_format=known.picture_format
        )
        gone = _present(gallery, remove)
        new = _New(source, gallery, renew=renew)
        shards = Shards(shards_folder(target), build_plan(loaded, settings))
        with shards.in_use():
            shards.keep(placed_entries(new, settings))
            make_shards(new, encode, shards, settings, progress)
            made = shard_pieces(shards, loaded)
            ids = [id for piece in made for id in piece.ids()]
            replaced = {id for id in ids if gallery.has(id)}
            size = _write(folder, target, gallery, gone | replaced, made, len(shards.skipped))
    return ChangeReport(
        gallery=str(target),
        size=size,
        added=[id for id in ids if id not in replaced],
        replaced=[id for id in ids if id in replaced],
        removed=sorted(gone - replaced),
        skipped=[item._asdict() for item in shards.skipped],
        seconds=round(perf_counter() - start, 3),
    )


def remove_pictures(target: Path, ids: Collection[str]) -> ChangeReport:
    """Write a gallery anew without some of its pictures; it takes no model.

    Raises:
        GalleryError: as for `add_pictures`.
        OSError: if the disk is full or read-only; the gallery is untouched.
    """
    start, target = perf_counter(), target_folder(target)
    with _standing(target) as (folder, gallery):
        gone = _present(gallery, ids)
        size = _write(folder, target, gallery, gone, [], 0)
    seconds = round(perf_counter() - start, 3)
    return ChangeReport(gallery=str(target), size=size, removed=sorted(gone), seconds=seconds)


@contextmanager
def _standing(target: Path) -> Iterator[tuple[Path, Gallery]]:
    """A folder to build in, and the gallery, which nobody else replaces meanwhile."""
    Gallery.open(target, verify=False).close()  # before a folder is made where there is none
    with build_folder(target) as folder:
        gallery = Gallery.open(target)
        try:
            yield folder, gallery
        finally:
            gallery.close()


def _present(gallery: Gallery, ids: Collection[str]) -> frozenset[str]:
    absent = [id for id in ids if not gallery.has(id)]
    if absent:
        more = f" and {len(absent) - _NAMED} more" if len(absent) > _NAMED else ""
        named = ", ".join(map(repr, absent[:_NAMED]))
        raise GalleryError(f"The gallery {gallery.name!r} has no picture {named}{more}")
    return frozenset(ids)


def _write(
    folder: Path, target: Path, gallery: Gallery, gone: frozenset[str], made: list[Piece], skipped: int
) -> int:
    """Publish the gallery without `gone` and with what was made; nothing if that is the same."""
    size = len(gallery) - len(gone) + sum(piece.rows for piece in made)
    if size == 0:
        raise GalleryError(f"No picture of {gallery.name!r} would be left: a gallery has at least one")
    if gone or size > len(gallery):
        known = gallery.manifest
        manifest = replace(known, rows=size, parts=PARTS, skipped=known.skipped + skipped, files={})
        assemble(folder, [gallery_piece(gallery, target, gone), *made], manifest)
        publish(folder, target)
    return size
