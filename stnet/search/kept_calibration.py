"""What a calibration has measured, kept on disk: at the next start the same would be measured again.

The file is named after the model's fingerprint, its thresholds after the checksum of a gallery's features. It
lies in the user's cache folder, not with the gallery, which is sealed and may be read-only.
"""

import json
import os
import zipfile
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

from stnet.gallery.gallery import Gallery
from stnet.search.calibration import MOST_KEPT, Calibration, Known
from stnet.search.nonsense import COUNT, EncodedNonsense

# counted up when other nonsense is asked, or thresholds are found otherwise
VERSION = 2


def read_known(folder: Path, fingerprint: str) -> Known | None:
    """What was kept for this model; None if nothing was, or what is there can't be used."""
    try:
        with np.load(_path(folder, fingerprint), allow_pickle=False) as file:
            nonsense = EncodedNonsense(*(file[name] for name in EncodedNonsense._fields))
            needed = json.loads(str(file["needed"]))
        thresholds = {(seal, mode): float(value) for seal, mode, value in needed}
    except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile):
        return None
    shapes = {part.shape for part in nonsense}
    whole = len(shapes) == 1 and all(len(shape) == 2 and shape[0] == COUNT for shape in shapes)
    finite = all(part.dtype == np.float32 and np.isfinite(part).all() for part in nonsense)
    return (
        Known(nonsense, thresholds)
        if whole and finite and np.isfinite([*thresholds.values()]).all()
        else None
    )


def recall(calibration: Calibration, gallery: Gallery, folder: Path, fingerprint: str) -> Known | None:
    """Let a calibration take over what was kept for its model and this gallery, which is quick.

    Returns:
        all that was kept for the model; None if nothing was.
    """
    kept = read_known(folder, fingerprint)
    if kept is not None:
        own = {key: kept.needed[key] for key in calibration.keys(gallery) if key in kept.needed}
        calibration.keep(kept._replace(needed=own))
    return kept


def keep_known(folder: Path, fingerprint: str, known: Known) -> None:
    """Keep it, in the place of what was kept before; where nothing can be written, it is measured again."""
    if known.nonsense is None:
        return
    needed = [[seal, mode, value] for (seal, mode), value in known.needed.items()][-MOST_KEPT:]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, suffix=".partial", delete=False) as file:
            np.savez(
                file,
                **known.nonsense._asdict(),
                needed=np.array(json.dumps(needed)),
            )
        os.replace(file.name, _path(folder, fingerprint))
    except OSError:
        return


def _path(folder: Path, fingerprint: str) -> Path:
    return folder / f"calibration-{VERSION}-{fingerprint}.npz"
