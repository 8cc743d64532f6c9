import io

import datasets
import pytest
from PIL import Image

from index_builder.sources.dataset import DatasetSource
from index_builder.sources.entry import SourceError
from index_builder.sources.opening import open_source
from tests.galleries import draw_photo


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Keeps what datasets writes in the test's own folder."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def encoded(number):
    file = io.BytesIO()
    draw_photo(number).save(file, "PNG")
    return file.getvalue()


def make_rows(pictures):
    """A dataset of {bytes, path} pictures with a label and a text, as datasets itself stores them."""
    features = datasets.Features(
        image=datasets.Image(decode=False),
        label=datasets.ClassLabel(names=["cat", "dog"]),
        text=datasets.Value("string"),
    )
    count = len(pictures)
    columns = {
        "image": pictures,
        "label": [n % 2 for n in range(count)],
        "text": ["abc"[n] for n in range(count)],
    }
    return datasets.Dataset.from_dict(columns, features=features).cast_column("image", datasets.Image())


@pytest.fixture
def rows():
    """Three pictures, the second of which is broken."""
    return make_rows([{"bytes": content, "path": None} for content in (encoded(0), b"broken", encoded(2))])


def test_a_dataset_saved_to_disk(rows, tmp_path):
    rows.save_to_disk(tmp_path / "saved")
    source = open_source(str(tmp_path / "saved"))
    entries = list(source)
    assert isinstance(source, DatasetSource)
    assert (source.name, len(source)) == ("saved", 3)
    assert [entry.id for entry in entries] == ["all/000000", "all/000001", "all/000002"]
    assert [entry.content for entry in entries] == [encoded(0), b"broken", encoded(2)]
    assert entries[1].metadata == {"label": "dog", "text": "b"}


def test_a_folder_of_parquet_shards_with_splits(rows, tmp_path):
    folder = tmp_path / "shards"
    folder.mkdir()
    for split in ("train", "test"):
        rows.to_parquet(folder / f"{split}-00000-of-00001.parquet")
    assert next(iter(open_source(str(folder)))).id == "train/000000"
    assert next(iter(open_source(str(folder), split="test"))).id == "test/000000"
    with pytest.raises(SourceError, match=r"has the splits .*choose one with --split \(got 'absent'\)"):
        open_source(str(folder), split="absent")


def test_an_id_column_gives_the_ids(rows, tmp_path):
    rows.add_column("id", ["x", "y", "z"]).save_to_disk(tmp_path / "saved")
    assert [entry.id for entry in open_source(str(tmp_path / "saved"))] == ["x", "y", "z"]


def test_the_column_must_be_clear(rows, tmp_path):
    rows.remove_columns("image").save_to_disk(tmp_path / "none")
    with pytest.raises(SourceError, match=r"has no image columns \[\] among \['label', 'text'\]"):
        DatasetSource(str(tmp_path / "none"))
    two = datasets.concatenate_datasets(
        [rows, rows.select_columns("image").rename_column("image", "mask")], axis=1
    )
    two.save_to_disk(tmp_path / "two")
    with pytest.raises(SourceError, match=r"has 2 image columns .*choose one with --image-column"):
        DatasetSource(str(tmp_path / "two"))
    with pytest.raises(SourceError, match="has no column 'absent'"):
        DatasetSource(str(tmp_path / "two"), column="absent")
    entry = next(iter(DatasetSource(str(tmp_path / "two"), column="mask")))
    assert entry.content == encoded(0)
    assert entry.metadata == {"label": "cat", "text": "a"}


def test_pictures_kept_as_files_are_read_inside_the_dataset_only(tmp_path):
    folder = tmp_path / "files"
    (folder / "pictures").mkdir(parents=True)
    for place in (folder / "pictures" / "mine.tiff", tmp_path / "secret.png"):
        Image.new("RGB", (4, 4)).save(place)
    paths = [folder / "pictures" / "mine.tiff", tmp_path / "secret.png", folder / ".." / "secret.png"]
    rows = make_rows([{"bytes": None, "path": str(path)} for path in paths])
    rows.cast_column("image", datasets.Image(decode=False)).to_parquet(folder / "train.parquet")
    entries = list(open_source(str(folder)))
    assert [entry.content for entry in entries] == [paths[0].resolve(), None, None]


def test_a_dataset_that_can_not_be_loaded_is_refused(tmp_path):
    (tmp_path / "state.json").write_text("{}")
    (tmp_path / "data.arrow").write_bytes(b"")
    with pytest.raises(SourceError, match=r"The dataset .* can't be loaded"):
        open_source(str(tmp_path))
