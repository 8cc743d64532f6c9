"""Pictures in a parquet file: a column of bytes, or of {bytes, path} as `datasets` writes them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from index_builder.sources.entry import Entry, SourceError, json_values

_ROWS_AT_ONCE = 32
# columns of our own galleries that are worked out anew
_DERIVED = {"width", "height"}


class ParquetSource:
    """Rows of a parquet file; `id` is the column of that name if there is one, else the row's number.

    A gallery's own images.parquet is such a file: so a gallery can be rebuilt from itself.
    """

    def __init__(self, path: Path, column: str | None = None) -> None:
        """Raises SourceError if the file is no parquet file or no column can hold pictures."""
        self.name = path.stem
        try:
            self._file = pq.ParquetFile(path)
        except (OSError, pa.ArrowException) as error:
            raise SourceError(f"{path} can't be read as parquet: {error}") from error
        self._column = _picture_column(self._file.schema_arrow, column, path)
        others = [field.name for field in self._file.schema_arrow if not _holds_bytes(field.type)]
        self._others = [name for name in others if name != self._column]

    def __len__(self) -> int:
        return int(self._file.metadata.num_rows)

    def __iter__(self) -> Iterator[Entry]:
        row = 0
        columns = [self._column, *self._others]
        for batch in self._file.iter_batches(_ROWS_AT_ONCE, columns=columns):
            for values in self._values(batch, row):
                content = values.pop(self._column)
                if isinstance(content, dict):
                    content = content.get(
                        "bytes"
                    )  # never its path: a file from elsewhere must not choose ours
                identifier = values.pop("id", None)
                yield Entry(
                    f"{self.name}/{row:06d}" if identifier is None else str(identifier),
                    content,
                    _metadata(values),
                )
                row += 1

    def _values(self, batch: pa.RecordBatch, first: int) -> list[dict[str, Any]]:
        try:
            return list(batch.to_pylist())
        except UnicodeDecodeError as error:
            rows = f"rows {first} to {first + len(batch) - 1}"
            raise SourceError(f"{self.name}.parquet, {rows}: a text is not UTF-8 ({error.reason})") from error


def picture_rows(path: Path) -> int:
    """How many rows of a parquet file can hold a picture: 0 if it has no such column, or is no such file."""
    try:
        with pq.ParquetFile(path) as file:
            able = any(_holds_bytes(field.type) for field in file.schema_arrow)
            return int(file.metadata.num_rows) if able else 0
    except (OSError, pa.ArrowException):
        return 0


def _metadata(values: dict[str, Any]) -> dict[str, Any]:
    """The other columns; a `metadata` column with a JSON object (as galleries have) is opened up."""
    packed = values.get("metadata")
    if isinstance(packed, str):
        try:
            opened = json.loads(packed)
        except ValueError:
            opened = None
        if isinstance(opened, dict):
            values = opened | {
                name: value for name, value in values.items() if name not in _DERIVED | {"metadata"}
            }
    return json_values(values)


def _holds_bytes(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        index = kind.get_field_index("bytes")
        return index >= 0 and _holds_bytes(kind.field(index).type)
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _picture_column(schema: pa.Schema, wanted: str | None, path: Path) -> str:
    able = [item.name for item in schema if _holds_bytes(item.type)]
    if wanted is None and "image" in able:
        return "image"
    if wanted is None and len(able) == 1:
        return str(able[0])
    if wanted in able:
        return str(wanted)
    asked = f"no column {wanted!r} with pictures" if wanted else "no one column that must be the pictures"
    raise SourceError(
        f"{path} has {asked}; columns of bytes are {able}, all columns are {schema.names}: choose one with "
        f"--image-column"
    )
