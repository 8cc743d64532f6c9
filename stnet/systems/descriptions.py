"""What drawn things look like, in words that don't name them: descriptions.json, written for this project.

One for each name that people draw in our data (QuickDraw's and Sketchy's), from what everybody knows of such
things, not from any drawing. A name's own words never stand in its description.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("descriptions.json")


@cache
def descriptions() -> Mapping[str, str]:
    """Description by name, each a noun phrase that begins in lower case and has no full stop."""
    return MappingProxyType(json.loads(_FILE.read_text(encoding="utf-8")))
