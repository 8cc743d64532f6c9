"""Scans on any number of threads against one call of the kernel."""

import numpy as np
import pytest

from stnet.gallery.manifest import PATCHES_NAME, SCALES_NAME, GalleryError
from stnet.gallery.patches import PatchStore
from stnet.model.scoring_kernel import Packed, PackedQuery, score_packed
from stnet.search.scanning import scan, scan_stored

ROWS, PATCHES, DIMENSION = 90, 6, 16


@pytest.fixture
def pictures():
    rng = np.random.default_rng(0)
    levels = rng.integers(-127, 128, (ROWS, PATCHES, DIMENSION)).astype(np.int8)
    return Packed(levels, rng.uniform(0.1, 1, (ROWS, PATCHES)).astype(np.float32))


@pytest.fixture
def query():
    return PackedQuery.of(*np.random.default_rng(1).normal(size=(2, DIMENSION)), 3.0)


@pytest.fixture
def stored(tmp_path, pictures):
    (tmp_path / PATCHES_NAME).write_bytes(pictures.levels.tobytes())
    (tmp_path / SCALES_NAME).write_bytes(pictures.scales.tobytes())
    store = PatchStore(tmp_path, ROWS, PATCHES, DIMENSION)
    yield store
    store.close()


@pytest.fixture(params=[1, 7, 1000], ids=["one", "seven", "all"])
def least(request, monkeypatch):
    """Pictures that a thread takes at a time, and that are read at a time."""
    monkeypatch.setattr("stnet.search.scanning.LEAST", request.param)
    monkeypatch.setattr("stnet.search.scanning.TURNS", 1000)
    monkeypatch.setattr("stnet.model.scoring_kernel.READ_AT_ONCE", request.param * PATCHES * DIMENSION)


@pytest.mark.usefixtures("least")
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_threads_and_turns_give_the_same_scores(pictures, query, stored, threads):
    expected = score_packed(query, pictures)
    assert np.array_equal(scan(query, pictures, threads), expected)
    assert np.array_equal(scan_stored(query, stored, np.arange(ROWS), threads), expected)


@pytest.mark.usefixtures("least")
@pytest.mark.parametrize("rows", [[], [3], [0, 89], [5, 6, 7, 40, 41, 88], list(range(10, 70))], ids=str)
def test_rows_that_lie_apart_score_as_they_do_together(pictures, query, stored, rows):
    found = scan_stored(query, stored, np.array(rows, dtype=np.int64), 2)
    assert np.array_equal(found, score_packed(query, pictures)[rows])


@pytest.mark.usefixtures("least")
def test_an_error_of_one_thread_is_the_callers(query, stored, tmp_path):
    with (tmp_path / PATCHES_NAME).open("r+b") as file:
        file.truncate(80 * PATCHES * DIMENSION)
    with pytest.raises(GalleryError, match="became shorter"):
        scan_stored(query, stored, np.arange(ROWS), 3)
    assert len(scan_stored(query, stored, np.arange(80), 3)) == 80
