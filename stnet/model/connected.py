"""What hangs together on a grid of cells, corners included."""

import numpy as np


def hanging_together(cells: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """The cells (H, W) bool that hang together with a seed, (H, W) bool, by other cells.

    It goes cell by cell: for grids of a hundred cells a side.
    """
    found = cells & seeds
    while True:
        grown = cells & spread(found)
        if np.array_equal(grown, found):
            return found
        found = grown


def spread(cells: np.ndarray) -> np.ndarray:
    """The cells (H, W) bool and their eight neighbours."""
    tall = cells.copy()
    tall[1:] |= cells[:-1]
    tall[:-1] |= cells[1:]
    wide = tall.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide
