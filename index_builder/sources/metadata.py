"""What a metadata.jsonl or metadata.csv says of the pictures beside it."""

import codecs
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from index_builder.sources.entry import SourceError, json_values

# the later one wins where both describe a picture
METADATA_FILES = ("metadata.csv", "metadata.jsonl")
FILE_NAME = "file_name"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = ",;\t"  # spreadsheets of different countries


class Described(NamedTuple):
    """One picture's row: its file name as it stands there, and the other values, as JSON can hold them."""

    file_name: str
    values: dict[str, Any]


def read_metadata(path: Path) -> Iterator[Described]:
    """The rows of a metadata file: JSON objects, one a line, or a table with a header; UTF-8 or UTF-16.

    Raises:
        SourceError: naming file and line, where one is not of this form or has no file_name.
    """
    lines = _lines(path)
    yield from _table(path, lines) if path.suffix == ".csv" else _objects(path, lines)


def _lines(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error.strerror}") from error
    if content.startswith(_UTF16):  # as some spreadsheets save "Unicode text"
        try:
            return content.decode("utf-16").split("\n")
        except UnicodeDecodeError as error:
            raise SourceError(f"{path}: it begins like UTF-16 and goes on otherwise ({error})") from error
    lines = []
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{path}, line {number}: expected UTF-8, got the byte 0x{line[error.start]:02x} after "
                f"{line[: error.start].decode('utf-8')[-20:]!r}: save the file as UTF-8"
            ) from error
    return lines


def _objects(path: Path, lines: list[str]) -> Iterator[Described]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            file_name = row.pop(FILE_NAME)
            Path(file_name)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SourceError(
                f"{path}, line {number}: expected a JSON object with a {FILE_NAME} ({error})"
            ) from error
        yield Described(file_name, json_values(row))


def _table(path: Path, lines: list[str]) -> Iterator[Described]:
    header = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.DictReader((f"{line}\n" for line in lines), delimiter=delimiter)
    try:
        if FILE_NAME not in (reader.fieldnames or ()):
            raise SourceError(f"{path}: expected a column {FILE_NAME}, got {reader.fieldnames}")
        for row in reader:
            file_name = row.pop(FILE_NAME)
            if not file_name:
                raise SourceError(f"{path}, line {reader.line_num}: expected a {FILE_NAME}, got none")
            # what stands beyond the last column has no name
            named = {name: value.strip() for name, value in row.items() if name and value and value.strip()}
            yield Described(file_name, json_values(named))
    except csv.Error as error:
        raise SourceError(f"{path}, line {reader.line_num}: {error}") from error
