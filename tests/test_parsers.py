"""Whatever is sent, parsers read it or refuse it with an error of their own: Hypothesis thinks of it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from stnet.characters import printable, whole_characters
from stnet.gallery.manifest import MANIFEST_NAME, GalleryError, Manifest, read_manifest, write_manifest
from stnet.model.processing import STNetProcessor
from stnet.pictures import PictureError, open_picture
from stnet.search import SearchError
from stnet.search.query import MOST_RESULTS, check_count, read_query
from webapp.canvas import Sketch, SketchError
from webapp.canvas.strokes import GRID, PAPER
from webapp.files.uploads import NotUploadedError, uploaded_file
from webapp.query import PageQuery
from webapp.share.link import LinkError, fragment_of, query_of

bounded = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
letters = st.text(st.characters(codec=None), max_size=300)  # halves of characters, NUL and all
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | letters,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(letters, inner, max_size=4),
    max_leaves=12,
)
points = st.lists(st.integers(0, GRID), min_size=2, max_size=12).map(lambda line: line[: len(line) // 2 * 2])
strokes = st.lists(points.map(tuple), min_size=1, max_size=5).map(tuple)
queries = st.builds(
    PageQuery,
    sketch=st.none() | strokes.map(Sketch),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    top_k=st.integers(1, MOST_RESULTS),
    balance=st.integers(-100, 100).map(lambda hundredths: hundredths / 100),
    gallery=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
)


@bounded
@given(value=json_values, drawn=st.lists(st.lists(json_values, max_size=5), max_size=3))
def test_a_drawing_is_read_or_refused(value: Any, drawn: list[Any]) -> None:
    for sent in (value, {"strokes": value}, {"strokes": drawn, "picture": value}, {"picture": value}):
        try:
            sketch = Sketch.from_value(sent, Path("/nowhere"))
        except SketchError as error:
            assert len(str(error)) < 300
        else:
            assert sketch is None or sketch.strokes


@bounded
@given(drawn=strokes)
def test_every_stroke_on_the_paper_is_drawn(drawn: tuple[tuple[int, ...], ...]) -> None:
    picture = Sketch(drawn).draw()
    assert (picture.size, picture.mode) == ((PAPER, PAPER), "L")
    assert picture.getextrema()[0] < 255  # type: ignore[operator]


@bounded
@given(query=queries)
def test_a_link_gives_back_its_query(query: PageQuery) -> None:
    assert query_of(fragment_of(query)) == query


@bounded
@given(query=queries, at=st.floats(0, 1, exclude_max=True), letter=st.characters(), cut=st.booleans())
def test_a_changed_link_is_refused_or_is_a_query(query: PageQuery, at: float, letter: str, cut: bool) -> None:
    fragment = fragment_of(query)
    place = int(at * len(fragment))
    changed = fragment[:place] + ("" if cut else letter + fragment[place + 1 :])
    try:
        found = query_of(changed)
    except LinkError as error:
        assert str(error)
    else:
        assert found == query_of(fragment_of(found))


@bounded
@given(fragment=letters)
def test_what_is_no_link_is_refused(fragment: str) -> None:
    for sent in (fragment, f"query=1.{fragment}", f"query=2.{fragment}"):
        with pytest.raises(LinkError):
            query_of(sent)


@pytest.fixture(scope="module")
def processor(tiny_checkpoint: Path) -> STNetProcessor:
    return STNetProcessor.from_pretrained(tiny_checkpoint)


@bounded
@given(text=letters, repeated=st.sampled_from([1, 1, 1, 500]))
def test_words_are_read_or_are_none(processor: STNetProcessor, text: str, repeated: int) -> None:
    try:
        query = read_query(processor, None, text * repeated)
    except SearchError as error:
        assert str(error) == "Draw something or type a few words."
    else:
        assert query.text.encode()  # whole characters only
        assert query.text.isprintable() or all(
            letter.isspace() or letter.isprintable() for letter in query.text
        )
        assert query.tokens is not None
        assert query.tokens.input_ids.shape[-1] <= 16


@bounded
@given(top_k=json_values)
def test_a_count_is_one_or_is_refused(top_k: Any) -> None:
    try:
        count = check_count(top_k, range(1000))
    except SearchError as error:
        assert "whole number from 1 to 50" in str(error)
    else:
        assert type(count) is int
        assert 1 <= count <= MOST_RESULTS


@bounded
@given(file=json_values)
def test_no_file_is_taken_that_was_not_uploaded(file: Any, tmp_path: Path) -> None:
    for sent in (file, {"path": file}, {"path": f"{tmp_path}/{file}"}):
        with pytest.raises((NotUploadedError, FileNotFoundError)):
            uploaded_file(sent, tmp_path)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from stnet.gallery.manifest import DATA_FILES, FileSeal

    folder = tmp_path_factory.mktemp("sealed")
    seals = {name: FileSeal(3, "0" * 64) for name in DATA_FILES}
    write_manifest(folder, Manifest("g", 3, "model", "1" * 64, 64, (4, 4), 16, 8, 512, "jpeg", files=seals))
    return folder


@bounded
@given(content=st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_manifest_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(GalleryError):
        read_manifest(tmp_path)


@bounded
@given(place=st.integers(0, 2**16), byte=st.integers(0, 255), key=st.integers(0, 99), value=json_values)
def test_a_changed_manifest_is_refused_or_says_the_same(
    sealed: Path, tmp_path: Path, place: int, byte: int, key: int, value: Any
) -> None:
    whole, known = (sealed / MANIFEST_NAME).read_bytes(), read_manifest(sealed)
    content = bytearray(whole)
    content[place % len(content)] = byte
    fields = json.loads(whole)
    fields[sorted(fields)[key % len(fields)]] = value
    for changed in (bytes(content), json.dumps(fields).encode()):
        (tmp_path / MANIFEST_NAME).write_bytes(changed)
        try:
            found = read_manifest(tmp_path)
        except GalleryError:
            continue
        assert found == known


def encoded(format: str) -> bytes:
    file = io.BytesIO()
    Image.radial_gradient("L").resize((40, 30)).convert("RGB").save(file, format)
    return file.getvalue()


@bounded
@given(
    format=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"]),
    changes=st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 2**16) | st.none(),
)
def test_a_damaged_picture_is_read_or_refused(
    format: str, changes: list[tuple[int, int]], cut: int | None
) -> None:
    content = bytearray(encoded(format))
    for place, byte in changes:
        content[place % len(content)] = byte
    if cut is not None:
        content = content[: cut % len(content)]
    try:
        open_picture(bytes(content)).load()
    except PictureError as error:
        assert str(error)


@bounded
@given(text=letters)
def test_what_is_printed_is_printable_and_what_is_written_is_whole(text: str) -> None:
    assert printable(text).isprintable()
    assert whole_characters(text).encode().decode() == whole_characters(text)
