"""A sealed gallery out of pictures that were encoded before."""

from collections.abc import Iterable
from pathlib import Path

from index_builder.pieces import Piece
from stnet.gallery.manifest import DATA_FILES, GalleryError, Manifest, seal_file, write_manifest
from stnet.gallery.writing import GalleryWriter


def assemble(folder: Path, pieces: Iterable[Piece], manifest: Manifest) -> int:
    """Write the pictures of pieces one after the other, and seal them.

    Nothing is encoded: what was written once is copied, so that the same pieces give the same bytes.

    Args:
        folder: empty.
        manifest: of the gallery; it gets the seals of the files.

    Returns:
        the size of the gallery's files in bytes.

    Raises:
        GalleryError: if these are not as many pictures as the manifest says.
        OSError: if the disk is full or broken.
    """
    writer = GalleryWriter(folder, manifest.dimension, manifest.picture_format)
    try:
        for piece in pieces:
            for records, made in piece.read():
                writer.add(records, made)
        if writer.rows != manifest.rows:
            raise GalleryError(f"expected {manifest.rows} pictures, found {writer.rows}")
        writer.finish()
    finally:
        writer.close()
    for name in DATA_FILES:
        manifest.files[name] = seal_file(folder / name)
    write_manifest(folder, manifest)
    return sum(seal.bytes for seal in manifest.files.values())
