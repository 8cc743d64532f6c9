"""Checksums: of a file, and of a model, so that a gallery knows whose features it holds."""

import hashlib
from pathlib import Path

_SETTINGS = ("config.json", "preprocessor_config.json")


def file_sha256(path: Path) -> str:
    """SHA-256 of the file's bytes, 64 hexadecimal digits. Raises OSError if it can't be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def model_fingerprint(checkpoint: Path) -> str:
    """What decides a model's features: settings and weights, as one SHA-256.

    Args:
        checkpoint: a folder with config.json and *.safetensors; a preprocessor_config.json counts too.

    Returns:
        64 hexadecimal digits over the names and bytes of those files, in order of their names.

    Raises:
        ValueError: if there is no config.json or no safetensors file.
    """
    settings = [checkpoint / name for name in _SETTINGS if (checkpoint / name).is_file()]
    weights = sorted(checkpoint.glob("*.safetensors"))
    if not (checkpoint / "config.json").is_file() or not weights:
        raise ValueError(
            f"{checkpoint} is not a checkpoint: expected config.json and at least one .safetensors file in it"
        )
    digest = hashlib.sha256()
    for path in sorted(settings) + weights:
        digest.update(f"{path.name} {file_sha256(path)}\n".encode())
    return digest.hexdigest()
