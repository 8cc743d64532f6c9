"""What the suites of photographs ask, fixed by identity: nothing of it may be trained on.

captions.json: the 500 photos of the suite `captions`, each as the first 16 hexadecimal digits of SHA-256 of
its file name; those under `asked` have captions. All are held out by `stnet.data.photos.is_held_out`.
photo-gallery.json: 60 drawings of Quick, Draw! by category and id, held out by `Drawings`, and which pictures
of the photographs' gallery show that thing.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class GalleryQuestion:
    """A drawing, and the file names of all pictures that are right answers."""

    category: str
    id: str
    pictures: frozenset[str]


def photo_key(name: str) -> str:
    """A photo's identity in captions.json."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def caption_photos() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of the photos that are asked for, and of those that only stand beside them."""
    listed = json.loads((_FOLDER / "captions.json").read_text(encoding="utf-8"))
    return tuple(listed["asked"]), tuple(listed["others"])


def gallery_questions() -> tuple[GalleryQuestion, ...]:
    """The 60 drawings in their order."""
    rows = json.loads((_FOLDER / "photo-gallery.json").read_text(encoding="utf-8"))
    return tuple(GalleryQuestion(row["category"], row["id"], frozenset(row["pictures"])) for row in rows)
