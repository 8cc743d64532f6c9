"""ImageNet's 1,000 classes in words, in the order of a published network's outputs (by WordNet id)."""

import json
from functools import cache
from pathlib import Path


@cache
def imagenet_names() -> tuple[str, ...]:
    """One name a class; "crane" and "maillot" name two classes each."""
    listed = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return tuple(listed)
