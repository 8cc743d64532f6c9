"""Search in two levels: all clusters are the full search, few are a part of it, and the rest comes last."""

import pytest
import torch

from stnet.systems.clusters import NOT_SEARCHED, ClusterSearch
from stnet.systems.stnet import STNetSystem
from stnet.systems.towers import overall_index
from tests.systems.toys import loaded_model


@pytest.fixture(scope="module")
def loaded():
    return loaded_model()


@pytest.fixture(scope="module")
def stored():
    """Pictures of three kinds, four of each in turn, alike but for a little noise."""
    random = torch.Generator().manual_seed(0)
    kinds = torch.randn(3, 16, 16, generator=random)
    return kinds.repeat(4, 1, 1) + 0.05 * torch.randn(12, 16, 16, generator=random)


@pytest.fixture(scope="module")
def queries(loaded):
    random = torch.Generator().manual_seed(1)
    return {"sketch": torch.randn(5, 16, generator=random), "query": torch.randn(5, 16, generator=random)}


def clustered(loaded, clusters, searched):
    return ClusterSearch.build(loaded, {"clusters": clusters, "searched": searched})


def test_all_clusters_are_the_full_search(loaded, stored, queries):
    system = clustered(loaded, 4, 4)
    found = system.scores(queries, system.index(stored))
    torch.testing.assert_close(found, STNetSystem(*loaded[:2]).scores(queries, stored))


def test_pictures_alike_share_a_cluster(loaded, stored):
    index = clustered(loaded, 3, 1).index(stored)
    assert sorted(sorted(rows.tolist()) for rows in index.members) == [
        [0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]
    ]  # fmt: skip
    for rows, centre in zip(index.members, index.centres, strict=True):
        torch.testing.assert_close(centre, stored[rows].mean(0))


def test_only_the_best_cluster_s_pictures_are_scored(loaded, stored, queries):
    system, full = clustered(loaded, 3, 1), STNetSystem(*loaded[:2])
    index = system.index(stored)
    found, every = system.scores(queries, index), full.scores(queries, stored)
    for row in range(5):
        one = {name: value[row : row + 1] for name, value in queries.items()}
        best = max(range(3), key=lambda number: full.scores(one, index.centres)[0, number].item())
        searched = set(index.members[best].tolist())
        for picture in range(12):
            expected = every[row, picture].item() if picture in searched else NOT_SEARCHED
            assert found[row, picture].item() == pytest.approx(expected, abs=1e-6)


def test_more_clusters_than_pictures(loaded, stored, queries):
    system = clustered(loaded, 50, 50)
    assert torch.isfinite(system.scores(queries, system.index(stored[:2]))).all()


def test_the_same_gallery_gives_the_same_clusters(loaded, stored):
    one, other = (clustered(loaded, 3, 1).index(stored).members for _ in range(2))
    assert all(torch.equal(first, second) for first, second in zip(one, other, strict=True))


def test_clusters_are_of_whole_pictures(loaded, stored):
    """Only what the neutral sketch sees counts: pictures equal to it are equal to k-means."""
    order = torch.randperm(16, generator=torch.Generator().manual_seed(0))
    shuffled = stored[:, order]
    torch.testing.assert_close(overall_index(loaded.model, shuffled), overall_index(loaded.model, stored))
    one, other = (clustered(loaded, 3, 1).index(gallery).members for gallery in (stored, shuffled))
    assert [rows.tolist() for rows in one] == [rows.tolist() for rows in other]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"clusters": 3}, "searched must be a whole number from 1, got None"),
        ({"clusters": 0, "searched": 1}, "clusters must be a whole number from 1, got 0"),
        ({"clusters": 2, "searched": 3}, r"can't be more than clusters \(2\), got 3"),
        ({"clusters": 2, "searched": 1, "seed": 0.5}, "seed must be a whole number from 0, got 0.5"),
        ({"clusters": 2, "searched": 1, "depth": 3}, "no fields depth"),
    ],
)
def test_what_makes_no_sense(loaded, options, message):
    with pytest.raises(ValueError, match=message):
        ClusterSearch.build(loaded, options)
