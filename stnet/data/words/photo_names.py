"""What photo collections call a thing, and the name that people draw it under."""

_DRAWN_AS = {
    "boat": "sailboat",
    "dining table": "table",
    "motorcycle": "motorbike",
    "potted plant": "house plant",
    "remote": "remote control",
    "sofa": "couch",
    "sports ball": "soccer ball",
    "tennis racket": "tennis racquet",
    "tv": "television",
}
_SOMETHING_ELSE = frozenset({"mouse"})  # photographed beside a keyboard, drawn with a tail


def drawn_as(category: str) -> str | None:
    """The drawing category for a photo's category; None where the same word means another thing."""
    return None if category in _SOMETHING_ELSE else _DRAWN_AS.get(category, category)
