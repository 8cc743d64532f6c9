"""Near-duplicates: the same photo again, in another size, quality or tone. Found by a hash and the model.

A difference hash (N. Krawetz, "Kind of Like That", 2013) says whether brightness grows from each cell of a
small picture to its right neighbour. Pictures that differ in a few of its 64 bits, and whose index vectors
point the same way, are near-duplicates. `python -m benchmarks.near_duplicates` measures the two bounds.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image

from stnet.pictures import open_picture, picture_to_rgb

MOST_BITS = 7
LEAST_COSINE = 0.85
_ROWS, _COLUMNS = 8, 8
_NOISE = 1  # of 255: less is what compression does to an even ground
_BANDS = 8  # one more than MOST_BITS: who differs in so few bits shares the bits of a band
_READ_AT = 64  # pixels: a JPEG is decoded no larger than this needs

# rows (N,) -> float32 (N, D), of length one
Vectors = Callable[[np.ndarray], np.ndarray]


def picture_hash(content: bytes) -> int:
    """64 bits of a stored picture, the same for the same bytes."""
    picture = picture_to_rgb(open_picture(content, reduce_to=_READ_AT)).convert("L")
    cells = np.asarray(picture.resize((_COLUMNS + 1, _ROWS), Image.Resampling.BOX), dtype=np.int16)
    return int.from_bytes(np.packbits(cells[:, 1:] > cells[:, :-1] + _NOISE).tobytes(), "big")


def first_of_each(hashes: np.ndarray, vectors: Vectors) -> np.ndarray:
    """For every picture the row of the first one that it is a near-duplicate of; its own if there is none.

    Pictures are taken in their order, and compared with those before that are like no other and whose hashes
    share an eighth with theirs: no other can be near.

    Args:
        hashes: uint64 (N,), by `picture_hash`.
        vectors: of the pictures' index.

    Returns:
        int32 (N,); what a picture is like is itself like no other.
    """
    first = np.arange(len(hashes), dtype=np.int32)
    width = 64 // _BANDS
    bands = [
        _Band((hashes >> np.uint64(band * width)) & np.uint64((1 << width) - 1)) for band in range(_BANDS)
    ]
    for row in range(len(hashes)):
        before = [band.before(row) for band in bands]
        near = [rows[np.bitwise_count(hashes[rows] ^ hashes[row]) <= MOST_BITS] for rows in before]
        found = np.unique(np.concatenate(near))
        if found.size:
            found = found[vectors(found) @ vectors(np.array([row]))[0] >= LEAST_COSINE]
        if found.size:
            first[row] = found[0]
        else:
            for band in bands:
                band.add(row)
    return first


class _Band:
    """Rows that were added, by the bits of their hashes in one band."""

    def __init__(self, values: np.ndarray) -> None:
        """The bits of all rows (N,)."""
        ordered = np.sort(values)
        self._starts = np.searchsorted(ordered, values)  # of the room for a row's like
        self._counts = np.zeros(len(values), dtype=np.int64)  # used of the room that starts there
        self._rows = np.empty(len(values), dtype=np.int64)

    def before(self, row: int) -> np.ndarray:
        """The added rows that have the bits of this one, ascending."""
        start = self._starts[row]
        return self._rows[start : start + self._counts[start]]

    def add(self, row: int) -> None:
        start = self._starts[row]
        self._rows[start + self._counts[start]] = row
        self._counts[start] += 1
