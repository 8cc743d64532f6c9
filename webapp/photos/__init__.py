"""A visitor's own photos: picked in the page, searched by this visitor alone, and deleted after."""

from webapp.photos.choice import Choice, LeftOut, Photo
from webapp.photos.galleries import GONE, PhotosError, PrivateGalleries, PrivateGallery

__all__ = ["GONE", "Choice", "LeftOut", "Photo", "PhotosError", "PrivateGalleries", "PrivateGallery"]
