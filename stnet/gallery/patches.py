"""Patch features on disk: int8 with one scale a patch, read in runs of rows."""

import os
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from stnet.gallery.manifest import PATCHES_NAME, SCALES_NAME, GalleryError

_LEVELS = 127


def quantize(patches: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Round patch features to 8 bits, each patch by its own largest magnitude.

    Args:
        patches: (N, P, D), finite.

    Returns:
        int8 (N, P, D) and float32 scales (N, P); the error of an element is at most half its patch's scale.
    """
    features = patches.detach().float().cpu()
    scales = features.abs().amax(-1) / _LEVELS
    safe = torch.where(scales > 0, scales, 1.0)  # an all-zero patch stays zero
    levels = (features / safe[..., None]).round().clamp(-_LEVELS, _LEVELS).to(torch.int8)
    return levels.numpy(), scales.numpy().astype("<f4")


def dequantize(levels: np.ndarray, scales: np.ndarray) -> Tensor:
    """The inverse of `quantize`: int8 (N, P, D) and scales (N, P) -> float32 (N, P, D)."""
    return torch.from_numpy(levels).float().mul_(torch.from_numpy(scales)[..., None])


def _runs(rows: np.ndarray) -> list[np.ndarray]:
    """Cut sorted row numbers into runs of neighbours."""
    return np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1)


class PatchStore:
    """Two flat little-endian files: patches.int8 (rows, P, D) and patches.scales (rows, P) float32.

    Read with pread, never mapped: a map reads 128 KB ahead for every 8 KB picture, and kills the process when
    the file shrinks. The files stay open, so that a gallery that is rebuilt goes on serving its old features.
    Threads may share it.
    """

    def __init__(self, folder: Path, rows: int, patches: int, dimension: int) -> None:
        self.shape = (patches, dimension)
        self._rows = rows
        self.paths = (folder / PATCHES_NAME, folder / SCALES_NAME)
        self._files = [path.open("rb") for path in self.paths]

    def close(self) -> None:
        """Release the files."""
        for file in self._files:
            file.close()

    def read(self, rows: np.ndarray) -> Tensor:
        """Patch features of `rows` (N,), in their order, float32 (N, P, D).

        Raises:
            IndexError: for a row outside the gallery.
            GalleryError: if a file has become shorter.
        """
        rows = np.asarray(rows, dtype=np.int64)
        wanted, position = np.unique(rows, return_inverse=True)
        levels, scales = self.read_packed(wanted)
        if len(wanted) != len(rows) or (np.diff(rows) < 0).any():
            levels, scales = levels[position], scales[position]
        return dequantize(levels, scales)

    def read_packed(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same as stored: int8 (N, P, D) and scales (N, P). Neighbours are read at once.

        Args:
            rows: int64 (N,), ascending, each once.

        Raises:
            IndexError: for a row outside the gallery.
            GalleryError: if a file has become shorter.
        """
        if rows.size and (rows.min() < 0 or rows.max() >= self._rows):
            raise IndexError(f"rows must be in 0..{self._rows - 1}, got {rows.min()}..{rows.max()}")
        levels = np.empty((len(rows), *self.shape), dtype=np.int8)
        scales = np.empty((len(rows), self.shape[0]), dtype="<f4")
        start = 0
        for run in _runs(rows) if rows.size else []:
            part = slice(start, start + len(run))
            self._fill(0, levels[part], int(run[0]))
            self._fill(1, scales[part], int(run[0]))
            start += len(run)
        return levels, scales

    def _fill(self, file: int, target: np.ndarray, first: int) -> None:
        """Read len(target) rows from row `first` on into `target`."""
        view = memoryview(target.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
        offset = first * target[0].nbytes
        while view:
            count = os.preadv(self._files[file].fileno(), [view], offset)
            if not count:
                raise GalleryError(
                    f"{self._files[file].name} became shorter while it was in use: rebuild the gallery"
                )
            view, offset = view[count:], offset + count
