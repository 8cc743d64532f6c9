import pytest

from index_builder.placing import entries_of_part, placed_entries
from index_builder.settings import BuildSettings
from index_builder.sources.entry import Entry


class Listed(list):
    """A source of these entries."""

    name = "listed"


def placed(source, **settings):
    found = placed_entries(source, BuildSettings(batch_size=2, **settings))
    return [(item.shard, item.entry.id, item.entry.problem) for item in found]


def test_neighbours_share_a_shard_of_whole_batches():
    source = Listed(Entry(str(number), b"x") for number in range(7))
    assert [shard for shard, *_ in placed(source, shard_size=3)] == [0, 0, 0, 0, 1, 1, 1]
    assert len(placed(source, shard_size=3, limit=5)) == 5


@pytest.mark.parametrize("limit", [None, 17])
def test_parts_are_whole_shards_and_all_of_them_are_the_source(limit):
    source = Listed(Entry(str(number), b"x") for number in range(21))
    whole = placed(source, shard_size=4, limit=limit)
    for of in (1, 2, 3, 6):
        parts = [placed(source, shard_size=4, limit=limit, part=(number, of)) for number in range(1, of + 1)]
        assert [item for part in parts for item in part] == whole
        shards = [{shard for shard, *_ in part} for part in parts]
        assert sum(map(len, shards)) == len(set.union(*shards))


def test_an_id_is_given_once_across_parts():
    source = Listed(Entry("same", b"x") for _ in range(4))
    parts = [placed(source, shard_size=2, part=(number, 2)) for number in (1, 2)]
    problems = [problem for part in parts for *_, problem in part]
    assert problems == [None, *["an earlier picture has the same id"] * 3]


def test_a_part_must_be_one():
    assert entries_of_part(5, BuildSettings()) == (0, 5)
    with pytest.raises(ValueError, match="expected a part"):
        BuildSettings(part=(3, 2))
