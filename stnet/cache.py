"""Where what was made once is kept for the next start."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """$STNET_CACHE, or stnet in the user's cache folder."""
    chosen = os.environ.get("STNET_CACHE")
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(chosen) if chosen else users / "stnet"
