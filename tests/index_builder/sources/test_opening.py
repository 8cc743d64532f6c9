"""What a folder is taken for when it could be several things."""

import io

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from index_builder.sources.left_out import WithLeftOut
from index_builder.sources.opening import open_source
from index_builder.sources.parquet import ParquetSource
from tests.galleries import draw_photo, make_gallery


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Keeps what datasets writes in the test's own folder."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def shard(path, count):
    """A parquet file of `count` pictures, as a dataset's repository has them."""
    path.parent.mkdir(parents=True)
    contents = []
    for number in range(count):
        file = io.BytesIO()
        draw_photo(number).save(file, "PNG")
        contents.append({"bytes": file.getvalue(), "path": f"{number}.png"})
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    pq.write_table(pa.table({"image": pa.array(contents, type=kind)}), path)


def test_a_preview_beside_a_dataset_is_named_and_the_dataset_read(tmp_path):
    shard(tmp_path / "cloned" / "data" / "train-00000-of-00001.parquet", 5)
    draw_photo(0).save(tmp_path / "cloned" / "preview.png")
    (tmp_path / "cloned" / "README.md").write_text("---\n---\n")
    source = open_source(str(tmp_path / "cloned"))
    entries = list(source)
    assert isinstance(source, WithLeftOut)
    assert (source.name, len(source), len(entries)) == ("cloned", 6, 6)
    assert [entry.id for entry in entries[:2]] == ["train/000000", "train/000001"]
    assert entries[5].id == "preview.png"
    assert "it lies beside the data set" in entries[5].problem


def test_a_few_rows_beside_photos_are_named_and_the_photos_read(tmp_path):
    shard(tmp_path / "photos" / "old" / "some.parquet", 1)
    for number in range(3):
        draw_photo(number).save(tmp_path / "photos" / f"{number}.png")
    entries = list(open_source(str(tmp_path / "photos")))
    assert [entry.id for entry in entries] == ["0.png", "1.png", "2.png", "old/some.parquet"]
    assert entries[3].problem.startswith("it holds 1 pictures")


def test_a_table_without_pictures_changes_nothing(tmp_path):
    pq.write_table(pa.table({"file_name": ["a.png"] * 9}), tmp_path / "metadata.parquet")
    draw_photo(0).save(tmp_path / "a.png")
    assert [entry.id for entry in open_source(str(tmp_path))] == ["a.png"]


def test_a_gallery_among_photos_is_no_dataset_and_can_be_a_source_itself(tmp_path, tiny_checkpoint):
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=4)
    (tmp_path / "photos" / "photo-00.png").unlink()
    gallery = gallery.rename(tmp_path / "photos" / "built")
    found = {entry.id: entry.problem for entry in open_source(str(tmp_path / "photos"))}
    assert found.pop("built") == "it is a gallery, not a folder of photos"
    assert list(found) == ["photo-01.png", "photo-02.png", "photo-03.png"]
    source = open_source(str(gallery))
    assert isinstance(source, ParquetSource)
    assert next(iter(source)).id == "photo-00.png"
