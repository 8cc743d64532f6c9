import numpy as np

from stnet.model.blocks import middle_value, of_blocks, strength_of


def test_blocks_go_on_as_the_picture_ends() -> None:
    values = np.arange(15, dtype=np.uint8).reshape(3, 5)
    assert of_blocks(values, 2, np.maximum).tolist() == [[6, 8, 9], [11, 13, 14]]
    assert of_blocks(values.astype(int), 2, np.add).tolist() == [[12, 20, 26], [42, 50, 56]]


def test_the_middle_value_is_the_median() -> None:
    values = np.random.default_rng(0).integers(0, 256, (31, 33)).astype(np.uint8)
    assert middle_value(values) == int(np.median(values))
    assert middle_value(np.array([[3, 9]], np.uint8)) == 3


def test_strength_leaves_out_a_share_of_the_pixels() -> None:
    ink = np.zeros((10, 10), np.uint8)
    ink[0, :2] = 200, 250
    ink[1] = 90
    assert strength_of(ink, 0) == 250
    assert strength_of(ink, 0.02) == 200
    assert strength_of(ink, 0.1) == 90
    assert strength_of(ink, 0.5) == 0
