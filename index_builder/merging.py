"""One gallery of several: of the parts that processes or machines have built, each for itself."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from index_builder.assembling import assemble
from index_builder.building import BuildReport
from index_builder.pieces import gallery_piece
from stnet.gallery.clustering import PARTS
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import GalleryError, Manifest
from stnet.gallery.publishing import build_folder, finish_publication, publish, refuse_target, target_folder

_ALIKE = ("model_fingerprint", "image_size", "grid", "dimension", "picture_size", "picture_format")


def merge_galleries(
    parts: Sequence[Path], target: Path, *, name: str | None = None, overwrite: bool = False
) -> BuildReport:
    """Write the pictures of galleries one after the other as one gallery.

    The parts of one source (`BuildSettings.part`), in their order, give byte for byte the gallery that one
    process would have built of it.

    Args:
        parts: folders; they stay as they are.
        target: the gallery's folder, none of the parts.
        name: what people will call it; default the folder's name.
        overwrite: replace the gallery that is there.

    Raises:
        GalleryError: if a part is missing, damaged, of another model or kind than the first, or has an id
            that another has, or if `target` is something else.
        OSError: if the disk is full or read-only; what was there before is untouched.
    """
    start, target = perf_counter(), target_folder(target)
    name = name or target.name
    refuse_target(target, overwrite=overwrite)
    folders = [part.resolve() for part in parts]
    if target in folders:
        raise GalleryError(f"{target} is one of the parts: choose another --out")
    galleries: list[Gallery] = []
    try:
        for folder in folders:
            finish_publication(folder)
            galleries.append(Gallery.open(folder))
        manifest = _manifest(name, galleries)
        with build_folder(target) as folder:
            pieces = [
                gallery_piece(gallery, place) for gallery, place in zip(galleries, folders, strict=True)
            ]
            size = assemble(folder, pieces, manifest)
            publish(folder, target)
    finally:
        for gallery in galleries:
            gallery.close()
    return BuildReport(str(target), manifest.rows, round(perf_counter() - start, 3), size, kept=manifest.rows)


def _manifest(name: str, galleries: Sequence[Gallery]) -> Manifest:
    if not galleries:
        raise GalleryError("expected the folder of at least one gallery, got none")
    first = galleries[0].manifest
    taken: set[str] = set()
    for gallery in galleries:
        for field in _ALIKE:
            ours, theirs = getattr(first, field), getattr(gallery.manifest, field)
            if ours != theirs:
                raise GalleryError(
                    f"{gallery.folder} can't be merged: its {field} is {theirs!r}, that of "
                    f"{galleries[0].folder} is {ours!r}"
                )
        for row in range(len(gallery)):
            if gallery.id(row) in taken:
                raise GalleryError(f"{gallery.folder} can't be merged: another part has {gallery.id(row)!r}")
            taken.add(gallery.id(row))
    skipped = sum(gallery.manifest.skipped for gallery in galleries)
    return replace(first, name=name, rows=len(taken), parts=PARTS, skipped=skipped, files={})
