import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from index_builder.sources.entry import SourceError
from index_builder.sources.opening import open_source
from index_builder.sources.parquet import ParquetSource
from tests.galleries import draw_photo

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def content(number):
    file = io.BytesIO()
    draw_photo(number).save(file, "PNG")
    return file.getvalue()


def write(path, columns, schema=None):
    pq.write_table(pa.table(columns, schema=schema), path)
    return path


def test_pictures_and_metadata_of_every_row(tmp_path):
    images = pa.array([{"bytes": content(n), "path": f"{n}.png"} for n in range(40)], type=IMAGE)
    path = write(tmp_path / "animals.parquet", {"image": images, "label": [f"label {n}" for n in range(40)]})
    source = open_source(str(path))
    entries = list(source)
    assert isinstance(source, ParquetSource)
    assert len(source) == len(entries) == 40
    assert entries[33].id == "animals/000033"
    assert entries[33].content == content(33)
    assert entries[33].metadata == {"label": "label 33"}


def test_an_id_column_gives_the_ids(tmp_path):
    path = write(tmp_path / "p.parquet", {"photo": [content(0), content(1)], "id": [7, 8]})
    assert [entry.id for entry in ParquetSource(path)] == ["7", "8"]


def test_a_path_in_the_file_is_never_opened(tmp_path):
    images = pa.array([{"bytes": None, "path": "/etc/hostname"}, None], type=IMAGE)
    entries = list(ParquetSource(write(tmp_path / "p.parquet", {"image": images})))
    assert [entry.content for entry in entries] == [None, None]


def test_the_column_must_be_clear(tmp_path):
    path = write(tmp_path / "p.parquet", {"left": [content(0)], "right": [content(1)], "text": ["x"]})
    with pytest.raises(SourceError, match=r"columns of bytes are \['left', 'right'\], .*--image-column"):
        ParquetSource(path)
    with pytest.raises(SourceError, match="has no column 'text' with pictures"):
        ParquetSource(path, "text")
    (entry,) = ParquetSource(path, "right")
    assert entry.content == content(1)
    assert entry.metadata == {"text": "x"}


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "p.parquet").write_bytes(b"PAR1 and nothing that follows")
    with pytest.raises(SourceError, match="can't be read as parquet"):
        ParquetSource(tmp_path / "p.parquet")
