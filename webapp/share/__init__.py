"""What can be done with an answer elsewhere: `TakeAway` is the part of the page, `carried` its value."""

from webapp.share.component import TakeAway, carried

__all__ = ["TakeAway", "carried"]
