"""What hangs together on a grid of cells, corners included. Grids are small: a hundred cells a side."""

import numpy as np


def touching_edge(cells: np.ndarray) -> np.ndarray:
    """The cells (H, W) bool that hang together with one at the grid's edge."""
    rim = np.zeros_like(cells)
    rim[[0, -1]] = True
    rim[:, [0, -1]] = True
    return hanging_together(cells, rim)


def hanging_together(cells: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """The cells (H, W) bool that hang together with a seed, (H, W) bool, by other cells."""
    found = cells & seeds
    while True:
        grown = cells & _spread(found)
        if np.array_equal(grown, found):
            return found
        found = grown


def _spread(cells: np.ndarray) -> np.ndarray:
    tall = cells.copy()
    tall[1:] |= cells[:-1]
    tall[:-1] |= cells[1:]
    wide = tall.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide
