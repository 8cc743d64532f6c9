"""A daily hunt: a picture is seen for a moment, then drawn and worded so that a search finds it first."""

from webapp.hunt.component import Hunt, followed

__all__ = ["Hunt", "followed"]
