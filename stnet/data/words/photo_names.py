"""What photo collections call a thing, and the name that people draw it under."""

from collections.abc import Collection

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

# labels of whole photos (ImageNet's words) whose last words aren't the thing that people draw
_LABELLED_AS = {
    "african grey": "parrot",
    "airliner": "airplane",
    "balloon": "hot air balloon",
    "beacon": "lighthouse",
    "bighorn": "sheep",
    "catamaran": "sailboat",
    "cheeseburger": "hamburger",
    "convertible": "car",
    "daisy": "flower",
    "drake": "duck",
    "fire engine": "firetruck",
    "goldfish": "fish",
    "hog": "pig",
    "hotdog": "hot dog",
    "leatherback turtle": "sea turtle",
    "liner": "cruise ship",
    "loggerhead": "sea turtle",
    "macaw": "parrot",
    "minivan": "car",
    "mountain bike": "bicycle",
    "ox": "cow",
    "pickup": "pickup truck",
    "ram": "sheep",
    "schooner": "sailboat",
    "sorrel": "horse",
    "tench": "fish",
    "wild boar": "pig",
    "yawl": "sailboat",
}
_LABELS_OF_SOMETHING_ELSE = frozenset(
    {
        "ear",
        "freight car",
        "guinea pig",
        "komodo dragon",
        "madagascar cat",
        "mouse",
        "nail",
        "passenger car",
        "sea lion",
        "seat belt",
    }
)


def labelled_as(label: str, drawable: Collection[str]) -> str | None:
    """What people draw for a photo's label: "tiger shark" is drawn as a shark; None if they don't."""
    words = label.lower().replace("_", " ").split()
    whole = " ".join(words)
    if whole in _LABELS_OF_SOMETHING_ELSE:
        return None
    candidates = (_LABELLED_AS.get(whole, whole), " ".join(words[-2:]), words[-1] if words else "")
    return next((name for name in candidates if name in drawable), None)


def drawn_as(category: str) -> str | None:
    """The drawing category for a photo's category; None where the same word means another thing."""
    return None if category in _SOMETHING_ELSE else _DRAWN_AS.get(category, category)
