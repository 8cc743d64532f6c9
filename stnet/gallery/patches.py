"""Patch features on disk: int8 with one scale a patch, read in runs of rows."""

import os
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import torch
from torch import Tensor

from stnet.gallery.manifest import PATCHES_NAME, SCALES_NAME, GalleryError
from stnet.model.scoring_kernel import PackedQuery, score_files

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


class Stored(NamedTuple):
    """Patch features as the files hold them: levels int8 (N, P, D), scales float32 (N, P)."""

    levels: np.ndarray
    scales: np.ndarray


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

    def read_packed(self, rows: np.ndarray) -> Stored:
        """The same as stored; neighbours are read at once.

        Args:
            rows: int64 (N,), ascending, each once.

        Raises:
            IndexError: for a row outside the gallery.
            GalleryError: if a file has become shorter.
        """
        self._check(rows)
        found = Stored(
            np.empty((len(rows), *self.shape), dtype=np.int8),
            np.empty((len(rows), self.shape[0]), dtype="<f4"),
        )
        if rows.size:
            starts = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist()]
            runs = list(zip(starts, [*starts[1:], len(rows)], rows[starts].tolist(), strict=True))
            for file, target in zip(self._files, found, strict=True):
                _fill(file, target, runs)
        return found

    def score(self, query: PackedQuery, rows: np.ndarray, scores: np.ndarray) -> None:
        """cos(Q, V) of pictures, on this thread: they are read a few at a time and forgotten.

        Args:
            rows: int64 (N,), ascending, each once.
            scores: where to write, float32 (N,).

        Raises:
            IndexError: for a row outside the gallery.
            GalleryError: if a file has become shorter.
        """
        self._check(rows)
        files = self._files[0].fileno(), self._files[1].fileno()
        done = score_files(query, files, rows, self.shape[0], scores)
        if done < len(rows):
            for row in rows[done:, None]:
                self.read_packed(row)  # says why one can't be read
            raise GalleryError(f"{self.paths[0]} could not be read for a moment: search again")

    def _check(self, rows: np.ndarray) -> None:
        if rows.size and (rows.min() < 0 or rows.max() >= self._rows):
            raise IndexError(f"rows must be in 0..{self._rows - 1}, got {rows.min()}..{rows.max()}")


def _fill(file: BinaryIO, target: np.ndarray, runs: list[tuple[int, int, int]]) -> None:
    """Read runs of neighbours: (start, end) of each in `target`, and its first row in the file."""
    descriptor, size = file.fileno(), target[0].nbytes
    whole = memoryview(target.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
    for start, end, row in runs:
        view, offset = whole[start * size : end * size], row * size
        while view:
            count = os.preadv(descriptor, [view], offset)
            if not count:
                raise GalleryError(f"{file.name} became shorter while it was in use: rebuild the gallery")
            view, offset = view[count:], offset + count
