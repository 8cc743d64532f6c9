import pytest

from index_builder.sources.entry import SourceError
from index_builder.sources.metadata import read_metadata

LINE = '{"file_name": "a.png", "text": "ein Hügel"}\n'
TABLE = 'file_name,text,year\na.png,"ein Hügel, grün",1999\nb.png,,\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_mark_of_an_encoding_is_read_over(tmp_path, encoding, end):
    path = tmp_path / "metadata.jsonl"
    path.write_bytes((LINE * 2).replace("\n", end).encode(encoding))
    assert list(read_metadata(path)) == [("a.png", {"text": "ein Hügel"})] * 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_as_a_spreadsheet_saves_it(tmp_path, encoding, delimiter):
    path = tmp_path / "metadata.csv"
    rows = [("file_name", "text", "year"), ("a.png", '"ein Hügel, grün; flach"', "1999"), ("b.png", "", "")]
    path.write_bytes("".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding))
    assert list(read_metadata(path)) == [
        ("a.png", {"text": "ein Hügel, grün; flach", "year": "1999"}),
        ("b.png", {}),
    ]


def test_a_cell_may_have_lines(tmp_path):
    (tmp_path / "metadata.csv").write_text('file_name,text\na.png,"one\ntwo"\nb.png,three,beyond\n')
    assert list(read_metadata(tmp_path / "metadata.csv")) == [
        ("a.png", {"text": "one\ntwo"}),
        ("b.png", {"text": "three"}),
    ]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        (
            "metadata.jsonl",
            LINE.encode() + LINE.encode("latin-1"),
            r"line 2: expected UTF-8, got the byte 0xfc",
        ),
        (
            "metadata.csv",
            TABLE.encode("latin-1"),
            r"line 2: expected UTF-8, got the byte 0xfc after .*ein H'",
        ),
        ("metadata.jsonl", b"\xff\xfea", r"it begins like UTF-16"),
        ("metadata.jsonl", b"[" * 100_000, r"line 1: expected a JSON object"),
        ("metadata.csv", b"name,text\na.png,x\n", r"expected a column file_name, got \['name', 'text'\]"),
        ("metadata.csv", b"", r"expected a column file_name, got \[\]"),
        ("metadata.csv", b"file_name,text\n,x\n", r"line 2: expected a file_name, got none"),
        ("metadata.csv", b"file_name,text\na.png," + b"x" * 200_000, r"line \d: field larger than"),
    ],
)
def test_any_refusal_names_file_and_line(tmp_path, name, content, text):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=rf"{name}(, |: ){text}"):
        list(read_metadata(tmp_path / name))


def test_a_file_that_can_not_be_read_is_named(tmp_path):
    (tmp_path / "metadata.csv").mkdir()
    with pytest.raises(SourceError, match=r"metadata\.csv can't be read: Is a directory"):
        list(read_metadata(tmp_path / "metadata.csv"))
