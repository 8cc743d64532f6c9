"""A checkpoint's ONNX networks on disk, so that only the first start makes them.

One file a checkpoint, named after the model's fingerprint, in the user's cache folder: the checkpoint is
sealed and may be read-only. It is a zip archive, whose checksums say whether it is whole.
"""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from stnet.onnx.exporting import TOWERS

# counted up when towers are exported otherwise
VERSION = 1


def kept_file(folder: Path, fingerprint: str) -> Path:
    """Where the networks of a model lie."""
    return folder / f"onnx-{VERSION}-{fingerprint}.zip"


def read_networks(folder: Path, fingerprint: str) -> dict[str, bytes] | None:
    """What was kept for this model; None if nothing was, or what is there is damaged."""
    try:
        with zipfile.ZipFile(kept_file(folder, fingerprint)) as file:
            return {name: file.read(name) for name in TOWERS}
    except (OSError, EOFError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return None


def keep_networks(folder: Path, fingerprint: str, networks: Mapping[str, bytes]) -> Path:
    """Keep them, in the place of what was there, and say where.

    Raises:
        OSError: if they can't be written.
    """
    kept = kept_file(folder, fingerprint)
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=".partial", delete=False) as file:
        partial = Path(file.name)
        try:
            with zipfile.ZipFile(file, "w") as archive:
                for name, content in networks.items():
                    archive.writestr(name, content)
            file.close()
            os.replace(partial, kept)
        finally:
            partial.unlink(missing_ok=True)
    return kept
