import numpy as np

from stnet.model.connected import hanging_together, spread


def test_cells_hang_together_along_sides_and_corners() -> None:
    cells = np.array([[1, 0, 0, 0, 1], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0]], bool)
    seeds = np.zeros_like(cells)
    seeds[0, 0] = True
    assert hanging_together(cells, seeds).tolist() == (cells & (np.arange(5) < 3)).tolist()
    assert not hanging_together(cells, ~cells).any()


def test_a_cell_spreads_to_its_eight_neighbours() -> None:
    cell = np.zeros((5, 6), bool)
    cell[2, 3] = True
    expected = np.zeros((5, 6), bool)
    expected[1:4, 2:5] = True
    assert np.array_equal(spread(cell), expected)
