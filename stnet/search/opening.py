"""From a name to an open gallery: a folder, a data set repository on the Hub, or a server of shards."""

from pathlib import Path

from stnet.gallery.gallery import Gallery
from stnet.hub.folders import local_folder
from stnet.search.remote.gallery import SCHEME, RemoteGallery

# of a gallery that is not here, for what goes through its pictures
AFAR = "Other machines hold this gallery: it can be searched, and nothing else."


def open_gallery(source: str | Path) -> Gallery:
    """Open and verify a gallery: a folder, "owner/name@revision" on the Hub, or ray://host:port of a server.

    A path that is clearly one is not looked for on the Hub.

    Raises:
        ValueError: if it is missing or damaged.
    """
    if str(source).startswith(SCHEME):
        return RemoteGallery.connect(str(source))
    path = Path(source).expanduser()
    is_path = path.is_absolute() or path.is_dir()  # Gallery.open says best what is wrong with it
    return Gallery.open(path if is_path else local_folder(source, "gallery").path)
