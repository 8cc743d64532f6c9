"""Debian packages as folders, without installing them."""

import subprocess
from pathlib import Path

DEBIAN = "Debian and Ubuntu"
COPYRIGHT = "usr/share/doc/{package}/copyright"


def unpack(package: str, downloads: Path, folder: Path) -> str:
    """Unpack a package into `folder`, from `downloads` where it lies there already; returns its version.

    Raises:
        ValueError: if apt-get doesn't have it or dpkg can't unpack it; the text has the command's last words.
    """
    downloads.mkdir(parents=True, exist_ok=True)
    files = sorted(downloads.glob(f"{package}_*.deb"))
    if not files:
        run_tool(["apt-get", "download", package], downloads, DEBIAN)
        files = sorted(downloads.glob(f"{package}_*.deb"))
    if not files:
        raise ValueError(f"apt-get download {package} left no file in {downloads}")
    run_tool(["dpkg", "-x", str(files[-1].resolve()), str(folder.resolve())], downloads, DEBIAN)
    return files[-1].name.split("_")[1].replace("%3a", ":")


def run_tool(command: list[str], folder: Path, comes_with: str) -> None:
    """Run another program in a folder.

    Raises:
        ValueError: if it isn't there (the text says what it `comes_with`) or fails (its last words).
    """
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise ValueError(f"{command[0]} is missing: it comes with {comes_with}") from error
    if done.returncode:
        raise ValueError(f"{' '.join(command)} failed: {done.stderr.strip()[-300:]}")
