"""From photos to a sealed gallery: `python -m index_builder --images PHOTOS --out GALLERY`."""

from index_builder.building import BuildReport, build_gallery
from index_builder.settings import BuildSettings
from index_builder.sources.opening import open_source

__all__ = ["BuildReport", "BuildSettings", "build_gallery", "open_source"]
