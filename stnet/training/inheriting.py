"""Configurations that inherit: what several runs share stands in one file."""

from pathlib import Path
from typing import Any

import yaml

INHERIT = "inherit"


def read_fields(path: Path, below: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The fields of a YAML file, over those of the files that it inherits from.

    `inherit: FILE` or `inherit: [FILE, FILE]` names them, from the folder of the file that says so; later
    ones win over earlier ones. A field replaces the inherited one wholly, mappings such as `weights` too.

    Args:
        below: the files that inherit from this one.

    Raises:
        ValueError: if a file can't be read, holds no fields, or inherits from itself.
    """
    if path.resolve() in below:
        raise ValueError(f"{path} inherits from itself")
    try:
        own = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"can't read the training configuration {path}: {error}") from error
    if not isinstance(own, dict):
        raise ValueError(f"{path} must hold fields of a run (stage, output, ...), got {type(own).__name__}")
    named = own.pop(INHERIT, [])
    parents = [named] if isinstance(named, str) else named
    if not isinstance(parents, list) or not all(isinstance(parent, str) for parent in parents):
        raise ValueError(f"{path}: {INHERIT} must be a file or a list of files, got {named!r}")
    inherited: dict[str, Any] = {}
    for parent in parents:
        inherited |= read_fields(path.parent / parent, (*below, path.resolve()))
    return inherited | own
