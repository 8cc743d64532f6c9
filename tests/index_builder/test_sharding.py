import threading

import pytest

from index_builder import BuildSettings, open_source
from index_builder.preparing import prepare
from index_builder.resuming import Shards
from index_builder.sharding import make_shards
from stnet.gallery.encoding import embed
from tests.galleries import load, make_photos


@pytest.mark.parametrize("threads", [0, 2])
def test_the_next_pictures_are_read_while_a_batch_is_encoded(tiny_checkpoint, tmp_path, monkeypatch, threads):
    loaded, source = load(tiny_checkpoint), open_source(str(make_photos(tmp_path / "photos", 8)))
    prepared: list[str] = []
    enough = threading.Event()

    def watched(*given):
        made = prepare(*given)
        prepared.append(made.record.id)
        if len(prepared) >= 4:
            enough.set()
        return made

    def encode(pictures):
        if threads and len(prepared) < 8:
            assert enough.wait(60)  # nobody asked for these yet
        batches.append((len(pictures), len(prepared)))
        return embed(loaded.model, loaded.processor, pictures)

    batches: list[tuple[int, int]] = []
    monkeypatch.setattr("index_builder.sharding.prepare", watched)
    shards = Shards(tmp_path / "shards", {})
    settings = BuildSettings(batch_size=2, shard_size=4, threads=threads)
    make_shards(source, encode, shards, settings)
    assert [size for size, _ in batches] == [2, 2, 2, 2]
    assert [seal.rows for _, seal in shards.ordered()] == [4, 4]
    if not threads:
        assert [seen for _, seen in batches] == [2, 4, 6, 8]
