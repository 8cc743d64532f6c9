"""Where a gallery is looked for."""

import pytest

from stnet.gallery.manifest import GalleryError
from stnet.search.opening import open_gallery


def test_a_gallery_is_found_as_a_folder_only_if_it_is_one(tmp_path):
    with pytest.raises(GalleryError, match="There is no gallery at"):
        open_gallery(tmp_path / "absent")
    with pytest.raises(GalleryError, match=r"is not a gallery: it has no gallery\.json"):
        open_gallery(tmp_path)
    with pytest.raises(ValueError, match="There is no gallery at nowhere: expected a folder, or owner/name"):
        open_gallery("nowhere")
