"""Near-duplicates: the same photo again, in another size, quality or tone. Found by a hash and the model.

A difference hash (N. Krawetz, "Kind of Like That", 2013) says whether brightness grows from each cell of a
small picture to its right neighbour. Pictures that differ in a few of its 64 bits, and whose index vectors
point the same way, are near-duplicates. `python -m benchmarks.near_duplicates` measures the two bounds.
"""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from stnet.pictures import open_picture, picture_to_rgb

MOST_BITS = 3
LEAST_COSINE = 0.95
_ROWS, _COLUMNS = 8, 8
_NOISE = 1  # of 255: less is what compression does to an even ground
_BANDS = 4  # one more than MOST_BITS: who differs in so few bits shares the bits of a band
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

    Only pictures whose hashes share a quarter are compared: the work grows with their number, not its square.

    Args:
        hashes: uint64 (N,), by `picture_hash`.
        vectors: of the pictures' index.

    Returns:
        int32 (N,); what a picture is like is itself like no other.
    """
    first = np.arange(len(hashes), dtype=np.int32)
    for rows in _sharing_a_band(hashes):
        _mark(rows, hashes, vectors(rows), first)
    while (first[first] != first).any():
        first = first[first]
    return first


def _sharing_a_band(hashes: np.ndarray) -> Iterator[np.ndarray]:
    """Groups of two rows or more, ascending, whose hashes are alike in the bits of a band."""
    width = 64 // _BANDS
    for band in range(_BANDS):
        values = (hashes >> np.uint64(band * width)) & np.uint64((1 << width) - 1)
        order = np.argsort(values, kind="stable")
        ends = np.flatnonzero(np.diff(values[order])) + 1
        yield from (group for group in np.split(order, ends) if len(group) > 1)


def _mark(rows: np.ndarray, hashes: np.ndarray, vectors: np.ndarray, first: np.ndarray) -> None:
    """Compare each row with those before it that are like no other, and note the first that it is like."""
    others: list[int] = []  # places in `rows`
    for place, row in enumerate(rows.tolist()):
        if first[row] != row:
            continue
        before = np.array(others, dtype=np.int64)
        bits = np.bitwise_count(hashes[rows[before]] ^ hashes[row])
        alike = (bits <= MOST_BITS) & (vectors[before] @ vectors[place] >= LEAST_COSINE)
        if alike.any():
            first[row] = rows[before[alike.argmax()]]
        else:
            others.append(place)
