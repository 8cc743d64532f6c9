"""gallery.json: what a gallery is made of, and the checksums that seal it.

Native loaders (usearch, Arrow) may crash or answer wrongly on damaged bytes, and no Python code can catch
that. So every byte is compared with the manifest before one of them sees it.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from shlex import quote
from typing import Any

from stnet.fingerprint import file_sha256

MANIFEST_NAME = "gallery.json"
INDEX_NAME = "index.usearch"
CENTROIDS_NAME = "centroids.int8"
CENTROID_SCALES_NAME = "centroids.scales"
CENTROID_SIZES_NAME = "centroids.sizes"
PARTS_NAME = "parts.usearch"  # of version 2, which had no centroids
INDEX_METRIC, INDEX_DTYPE = "ip", "f16"  # explicit: usearch's defaults depend on the CPU
PATCHES_NAME = "patches.int8"
SCALES_NAME = "patches.scales"
PICTURES_NAME = "images.parquet"
DUPLICATES_NAME = "duplicates.rows"
PUBLISHED = ".published"  # in a gallery's folder: the next one, until its files have taken their places
_ALWAYS = (INDEX_NAME, PATCHES_NAME, SCALES_NAME, PICTURES_NAME)
_OF_VERSION_3 = (*_ALWAYS, CENTROIDS_NAME, CENTROID_SCALES_NAME, CENTROID_SIZES_NAME)
OPTIONAL_FILES = (DUPLICATES_NAME,)  # galleries of version 3 from before there was one open without it
DATA_FILES = (*_OF_VERSION_3, *OPTIONAL_FILES)
FORMER_FILES = (PARTS_NAME,)  # that a gallery of a version before has besides _ALWAYS

FORMAT = "stnet-gallery"
VERSION = 3
FILES_OF_VERSION = {2: (*_ALWAYS, *FORMER_FILES), VERSION: _OF_VERSION_3}


class GalleryError(ValueError):
    """A gallery that is missing, damaged, foreign or of another version; the text says what to do."""


@dataclass(frozen=True)
class FileSeal:
    """Size in bytes and SHA-256 of one file."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The content of gallery.json.

    Attributes:
        name: what people call the gallery.
        rows: number of pictures; row numbers 0..rows-1 are the keys of the index.
        parts: K, weighted centroids a picture.
        model_name: the checkpoint as it was called when the gallery was built.
        model_fingerprint: `stnet.fingerprint.model_fingerprint` of that checkpoint.
        image_size: side of the square to which a picture is squashed before encoding, in pixels.
        grid: (rows, columns) of patches; P is their product.
        dimension: D of patch features and index vectors.
        index_metric, index_dtype: of the index, explicit since usearch's defaults depend on the CPU.
        picture_size: bound on the longer side of the stored pictures, in pixels.
        picture_format: "jpeg" or "webp".
        skipped: how many pictures of the source could not be read.
        shards, shard, first_row, whole: of a shard, see `stnet.gallery.cutting`: how many there are, which
            this is, counted from 0, the row of its first picture in the whole gallery, and the SHA-256 of
            the whole gallery's patches. A whole gallery is the only shard of itself.
        files: a seal for each of DATA_FILES; of version 2 for its own.
    """

    name: str
    rows: int
    model_name: str
    model_fingerprint: str
    image_size: int
    grid: tuple[int, int]
    dimension: int
    parts: int
    picture_size: int
    picture_format: str
    skipped: int = 0
    shards: int = 1
    shard: int = 0
    first_row: int = 0
    whole: str = ""
    index_metric: str = INDEX_METRIC
    index_dtype: str = INDEX_DTYPE
    patch_dtype: str = "int8"
    scale_dtype: str = "float32"
    files: dict[str, FileSeal] = field(default_factory=dict)

    @property
    def patches(self) -> int:
        """P: patches a picture."""
        return self.grid[0] * self.grid[1]


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def seal_file(path: Path) -> FileSeal:
    """Size and checksum of a file as it is now."""
    return FileSeal(bytes=path.stat().st_size, sha256=file_sha256(path))


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write gallery.json atomically: before the call there is no gallery in `folder`, after it there is."""
    content: dict[str, Any] = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    content = json.loads(json.dumps(content))  # tuples become lists before they are sealed
    content["seal"] = _seal(content)
    temporary = folder / f".{MANIFEST_NAME}.partial"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, folder / MANIFEST_NAME)
    sync_folder(folder)


def standing_folder(folder: Path) -> Path:
    """Where the files of the gallery `folder` are: in it, or in the folder in it that just replaced it."""
    published = folder / PUBLISHED
    return published if (published / MANIFEST_NAME).is_file() else folder


def is_gallery(folder: Path) -> bool:
    """Whether `folder` says of itself that it is a gallery of ours, whatever its version or state."""
    try:
        return FORMAT.encode() in (standing_folder(folder) / MANIFEST_NAME).read_bytes()
    except OSError:
        return False


def read_manifest(folder: Path) -> Manifest:
    """Read and check gallery.json.

    Raises:
        GalleryError: if the folder or the file is missing, not ours, of another version, or changed since it
            was sealed.
    """
    content = _read_content(folder)
    if content.get("format") != FORMAT:
        raise GalleryError(f"{folder / MANIFEST_NAME} is not the manifest of an STNET gallery")
    version = content.get("version")
    if type(version) is not int or version not in FILES_OF_VERSION:
        raise GalleryError(
            f"The gallery {folder} has format version {version!r}; this program reads the versions "
            f"{' and '.join(map(str, FILES_OF_VERSION))}. Rebuild it with "
            f"`python -m index_builder`, or use the program that wrote it"
        )
    if content.pop("seal", None) != _seal(content):
        raise GalleryError(
            f"{folder / MANIFEST_NAME} was changed after the gallery was sealed: rebuild the gallery"
        )
    try:
        known = {item.name for item in fields(Manifest)}
        values = {key: value for key, value in content.items() if key in known}
        values["grid"] = tuple(content["grid"])
        optional = [name for name in OPTIONAL_FILES if name in content["files"]]
        values["files"] = {
            name: FileSeal(**content["files"][name]) for name in (*FILES_OF_VERSION[version], *optional)
        }
        return Manifest(**values)
    except (KeyError, TypeError) as error:
        raise GalleryError(f"{folder / MANIFEST_NAME} lacks what version {version} needs: {error}") from error


def _read_content(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise GalleryError(
            f"There is no gallery at {folder}. Build one with `python -m index_builder --images PHOTOS "
            f"--checkpoint CHECKPOINT --out {quote(str(folder))}`"
        )
    try:
        content = json.loads((folder / MANIFEST_NAME).read_bytes())
    except FileNotFoundError:
        raise GalleryError(
            f"{folder} is not a gallery: it has no {MANIFEST_NAME} (written last, when a build is complete)"
        ) from None
    except OSError as error:
        raise GalleryError(f"{folder / MANIFEST_NAME} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise GalleryError(f"{folder / MANIFEST_NAME} is damaged (not JSON): rebuild the gallery") from error
    if not isinstance(content, dict):
        raise GalleryError(f"{folder / MANIFEST_NAME} is not the manifest of an STNET gallery")
    return content


def check_files(folder: Path, manifest: Manifest, *, checksums: bool = True) -> None:
    """Compare the gallery's files with their seals.

    Args:
        checksums: False compares sizes only: enough against a truncated copy, not against flipped bits.

    Raises:
        GalleryError: naming the first file that is missing, of another size, or changed.
    """
    for name, seal in manifest.files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            if size != seal.bytes:
                state = "truncated" if size < seal.bytes else "not the same file"
                raise GalleryError(
                    f"{path} is {state}: it has {size:,} bytes, the gallery was sealed with {seal.bytes:,}; "
                    f"copy or rebuild the gallery"
                )
            if checksums and file_sha256(path) != seal.sha256:
                raise GalleryError(
                    f"{path} is damaged: its checksum differs from the one in {MANIFEST_NAME}; copy or "
                    f"rebuild the gallery"
                )
        except FileNotFoundError:
            raise GalleryError(f"{path} is missing: copy or rebuild the gallery") from None
        except OSError as error:
            raise GalleryError(f"{path} can't be read: {error.strerror}") from error
