"""From a name to an open gallery that fits the model: a folder, or a data set repository on the Hub."""

from pathlib import Path

from stnet.checkpoint import LoadingError
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import PICTURES_NAME
from stnet.hub import local_folder


def open_gallery(source: str | Path) -> Gallery:
    """Open and verify a gallery: a folder, or "owner/name@revision" on the Hub.

    Raises:
        ValueError: if it is missing or damaged.
    """
    return Gallery.open(local_gallery(source))


def local_gallery(source: str | Path) -> Path:
    """The gallery's folder. A path that is clearly one is not looked for on the Hub."""
    path = Path(source).expanduser()
    if path.is_absolute() or path.is_dir():
        return path  # Gallery.open says best what is wrong with it
    return local_folder(source, "gallery").path


def refuse_other_model(gallery: Gallery, fingerprint: str, checkpoint: str | Path) -> None:
    """Stop if the gallery's features come from another model than the one that would search it.

    Raises:
        LoadingError: with the command that rebuilds the gallery from its own pictures.
    """
    if gallery.model_fingerprint == fingerprint:
        return
    raise LoadingError(
        f"The gallery {gallery.name!r} was built with another model ({gallery.manifest.model_name}, "
        f"{gallery.model_fingerprint[:8]}; this one is {fingerprint[:8]}). Rebuild it with: python -m "
        f"index_builder --images {gallery.folder / PICTURES_NAME} --checkpoint {checkpoint} "
        f"--out {gallery.folder} --overwrite"
    )
