"""Checksums: of a file, of a checkpoint, and of a model, so that a gallery knows whose features it holds."""

import hashlib
import json
from pathlib import Path

SEAL_NAME = "seal.json"
_SEALED = ("*.json", "*.safetensors", "merges.txt", "vocab.txt")
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


def seal_checkpoint(checkpoint: Path) -> None:
    """Write seal.json: the SHA-256 of every file that is loaded, those of the tokenizer included."""
    files = sorted({path for pattern in _SEALED for path in checkpoint.glob(pattern)})
    sums = {path.name: file_sha256(path) for path in files if path.name != SEAL_NAME}
    (checkpoint / SEAL_NAME).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")


def check_seal(checkpoint: Path) -> None:
    """Compare a checkpoint's files with its seal.json; one that has none is taken as it is.

    Raises:
        ValueError: naming the first file that is missing or has changed.
    """
    path = checkpoint / SEAL_NAME
    if not path.is_file():
        return
    try:
        sums = dict(json.loads(path.read_bytes()))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} is damaged: copy or fetch the checkpoint again") from error
    for name, expected in sums.items():
        file = checkpoint / Path(str(name)).name
        if not file.is_file() or file_sha256(file) != expected:
            state = "damaged" if file.is_file() else "missing"
            raise ValueError(f"{file} is {state}: copy or fetch the checkpoint again")
