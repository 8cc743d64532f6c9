import os

import pytest

from index_builder.preparing import Skipped
from index_builder.shards import SEAL_NAME, ShardWriter, entries_digest, read_seal
from index_builder.sources.entry import Entry
from stnet.gallery.manifest import GalleryError


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "a.png"
    made.write_bytes(b"123")
    os.utime(made, ns=(7, 7))
    return made


def test_entries_are_known_again_by_what_they_are(path):
    known = entries_digest([Entry("a", path), Entry("b", b"x", {"text": "y"})])
    assert entries_digest([Entry("a", path), Entry("b", b"x", {"text": "y"})]) == known
    others = [
        [Entry("b", b"x", {"text": "y"}), Entry("a", path)],
        [Entry("a", path), Entry("b", b"x", {"text": "z"})],
        [Entry("a", path), Entry("b", b"y", {"text": "y"})],
        [Entry("a", path), Entry("c", b"x", {"text": "y"})],
        [Entry("a", path), Entry("b", b"x", {"text": "y"}, problem="it is odd")],
        [Entry("a", path)],
    ]
    assert known not in map(entries_digest, others)


def test_a_file_is_another_when_its_time_size_or_place_is(path, tmp_path):
    known = entries_digest([Entry("a", path)])
    os.utime(path, ns=(7, 8))
    assert entries_digest([Entry("a", path)]) != known
    os.utime(path, ns=(7, 7))
    assert entries_digest([Entry("a", path)]) == known
    path.rename(tmp_path / "b.png")
    gone = entries_digest([Entry("a", path)])
    assert gone != known != entries_digest([Entry("a", tmp_path / "b.png")])


def test_a_seal_comes_back_and_holds_every_byte(tmp_path):
    folder = tmp_path / "000000"
    writer = ShardWriter(folder, "jpeg")
    with pytest.raises(GalleryError, match="is not sealed"):
        read_seal(folder)
    seal = writer.seal(2, "digest", [Skipped("a", "why"), Skipped("b", "so")])
    assert (seal.entries, seal.rows) == (2, 0)
    assert read_seal(folder) == seal
    with (folder / "images.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(GalleryError, match=r"is damaged: images\.parquet"):
        read_seal(folder)
    (folder / SEAL_NAME).write_text('{"entries": 2}')
    with pytest.raises(GalleryError, match="is not sealed"):
        read_seal(folder)
