import numpy as np
import pytest
import torch

from stnet.gallery.manifest import PATCHES_NAME, SCALES_NAME, GalleryError
from stnet.gallery.patches import PatchStore, dequantize, quantize


@pytest.fixture
def features():
    return (
        torch.randn(10, 6, 8, generator=torch.Generator().manual_seed(0))
        * torch.logspace(-4, 4, 10)[:, None, None]
    )


@pytest.fixture
def store(tmp_path, features):
    levels, scales = quantize(features)
    (tmp_path / PATCHES_NAME).write_bytes(levels.tobytes())
    (tmp_path / SCALES_NAME).write_bytes(scales.tobytes())
    store = PatchStore(tmp_path, rows=10, patches=6, dimension=8)
    yield store
    store.close()


def test_rounding_errs_by_half_a_step_at_most(features):
    levels, scales = quantize(features)
    assert levels.dtype == np.int8
    assert scales.dtype == np.dtype("<f4")
    np.testing.assert_allclose(scales, features.abs().amax(-1) / 127, rtol=1e-6)
    error = (dequantize(levels, scales) - features).abs()
    assert (error <= torch.from_numpy(scales)[..., None] * 0.5001).all()
    assert torch.nn.functional.cosine_similarity(dequantize(levels, scales), features, dim=-1).min() > 0.999


def test_a_patch_of_zeros_stays_zero():
    levels, scales = quantize(torch.zeros(1, 2, 3))
    assert not dequantize(levels, scales).any()


@pytest.mark.parametrize(
    "rows", [[], [3], [0, 1, 2], [9, 0], [5, 5, 4], list(range(10)), [7, 2, 3, 4, 9, 0, 2]], ids=str
)
def test_rows_come_in_the_order_they_were_asked_for(store, features, rows):
    expected = dequantize(*quantize(features))[torch.tensor(rows, dtype=torch.long)]
    assert torch.equal(store.read(np.array(rows, dtype=np.int64)), expected)


def test_as_stored_they_are_what_was_written(store, features):
    levels, scales = quantize(features)
    found = store.read_packed(np.array([1, 2, 3, 7]))
    assert np.array_equal(found[0], levels[[1, 2, 3, 7]]) and found[0].dtype == np.int8
    assert np.array_equal(found[1], scales[[1, 2, 3, 7]])


@pytest.mark.parametrize("row", [-1, 10])
def test_a_row_outside_is_refused(store, row):
    with pytest.raises(IndexError, match=r"rows must be in 0\.\.9"):
        store.read(np.array([row]))


@pytest.mark.parametrize("name", [PATCHES_NAME, SCALES_NAME])
def test_a_file_that_shrinks_in_use_is_an_error_and_no_crash(store, tmp_path, name):
    with (tmp_path / name).open("r+b") as file:
        file.truncate(100)
    assert store.read(np.array([0])).isfinite().all()
    with pytest.raises(GalleryError, match=f"{name} became shorter"):
        store.read(np.array([9]))
