"""Making the object bank from the stamps of Tux Paint, as Debian packages them (GPL-2)."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

from stnet.data.categories import CategorySplit, load_split
from stnet.data.objects import CutOut, ObjectBank, crop_to_alpha, no_longer

PACKAGE = "tuxpaint-stamps-default"
_STAMPS = Path("usr/share/tuxpaint/stamps")
_COPYRIGHT = Path("usr/share/doc") / PACKAGE / "copyright"
_NOTICE = f"""The pictures in this folder are cut-outs from the stamps of Tux Paint (https://tuxpaint.org),
taken from Debian's package {PACKAGE}. They were cropped and, where large, made smaller.
They, and every picture composed from them, may be used under the GNU General Public License, version 2.
The names in bank.json are the stamps' paths in the package.

The package's own copyright file follows.

"""


def stamp_bank(stamps: Path, split: CategorySplit) -> ObjectBank:
    """Cut-outs of every stamp that ``split`` names.

    ``stamps`` is the folder that holds ``animals``, ``food``, ... Raises ValueError when a stamp is missing
    or has no transparency.
    """
    missing = [name for name in split.merges if not (stamps / f"{name}.png").is_file()]
    if missing:
        raise ValueError(
            f"{len(missing)} of {len(split.merges)} stamps are not in {stamps} "
            f"(the first: {missing[0]}.png); expected the stamps of Debian's {PACKAGE}"
        )
    cut_outs = [
        CutOut(name, category, read_stamp(stamps / f"{name}.png"), name in split.held_out)
        for name, category in sorted(split.merges.items())
    ]
    return ObjectBank(cut_outs)


def read_stamp(path: Path) -> np.ndarray:
    """One stamp as (H, W, 4) uint8 RGBA, cropped to what is visible, longer side at most 192."""
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGBA"))
    if pixels[..., 3].min() > 127:
        raise ValueError(f"{path} is not a cut-out: it has no transparent part")
    return no_longer(crop_to_alpha(pixels))


def download_package(folder: Path) -> Path:
    """Fetch the package with ``apt-get download`` (nothing is installed) and return the .deb in ``folder``.

    Raises ValueError when apt-get is missing or cannot fetch it.
    """
    _run(["apt-get", "download", PACKAGE], folder)
    packages = sorted(folder.glob(f"{PACKAGE}_*.deb"))
    if not packages:
        raise ValueError(f"apt-get download {PACKAGE} ended without an error but left no .deb in {folder}")
    return packages[0]


def unpack_package(package: Path, folder: Path) -> None:
    """Unpack a .deb into ``folder`` with ``dpkg -x``. Raises ValueError when that fails."""
    _run(["dpkg", "-x", str(package.resolve()), str(folder.resolve())], folder)


def _run(command: list[str], folder: Path) -> None:
    advice = f"give the stamps with --stamps FOLDER (an unpacked {PACKAGE}) or --stamps FILE.deb instead"
    if shutil.which(command[0]) is None:
        raise ValueError(f"{command[0]} is not on this machine (it comes with Debian and Ubuntu); {advice}")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(
            f"`{' '.join(command)}` failed: {done.stderr.strip() or done.stdout.strip()}; {advice}"
        )


def find_stamps(folder: Path) -> Path:
    """The stamps in an unpacked package, or ``folder`` itself where it is already the stamps' folder."""
    for candidate in (folder / _STAMPS, folder):
        if (candidate / "animals").is_dir():
            return candidate
    raise ValueError(f"no stamps in {folder}: expected {_STAMPS} or the folders animals, food, ... in it")


def write_bank(root: Path, out: Path) -> ObjectBank:
    """Make the bank from an unpacked package (or a stamps folder) and save it with the licence notice."""
    bank = stamp_bank(find_stamps(root), load_split())
    bank.save(out)
    own = root / _COPYRIGHT
    copyright_text = own.read_text(encoding="utf-8") if own.is_file() else "(it was not beside the stamps)\n"
    (out / "NOTICE.txt").write_text(_NOTICE + copyright_text, encoding="utf-8")
    return bank
