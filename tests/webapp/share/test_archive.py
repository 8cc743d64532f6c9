import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stnet.search import SearchResponse, SearchResult
from webapp.files.shelf import PictureShelf
from webapp.search_service import Answer
from webapp.share.archive import LEFT_OUT, NOTHING_KNOWN, packed

CREDIT = {"title": "A cat", "author": "Ann", "licence": "CC0-1.0", "url": "https://a.org/cat", "year": 2020}


def answer(folder: Path, *known: dict[str, Any], first: int = 1) -> Answer:
    results, paths = [], []
    for rank, metadata in enumerate(known, first):
        path = folder / f"{rank}-stored.webp"
        path.write_bytes(b"picture %d" % rank)
        paths.append(str(path))
        heat = np.full((2, 2), 0.25, np.float32)
        box = ((0.1, 0.2, 0.3, 0.4),) if rank == 1 else ()
        results.append(SearchResult(rank, f"=id {rank}", 0.5, 90.0, box, heat, 0.25, metadata, b"", "webp"))
    response = SearchResponse("text", "", False, "g", 9, "m", {}, results)
    return Answer(response, paths, PictureShelf())


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_all_pages_are_packed_by_rank(tmp_path: Path) -> None:
    archive = opened(packed([answer(tmp_path, CREDIT, {}), answer(tmp_path, CREDIT, first=3)]))
    assert archive.namelist() == ["001.webp", "002.webp", "003.webp", "CREDITS.txt", "results.csv"]
    assert archive.read("003.webp") == b"picture 3"
    assert archive.testzip() is None


def test_credits_say_who_made_what_and_on_what_terms(tmp_path: Path) -> None:
    known = CREDIT | {"background": {"author": "Bob\nB.", "licence": "GPL-2"}}
    text = opened(packed([answer(tmp_path, known, {"year": 1})])).read("CREDITS.txt").decode()
    assert text.split("\n\n") == [
        "001.webp: =id 1\n    title: A cat\n    author: Ann\n"
        "    licence: CC0-1.0 (https://creativecommons.org/publicdomain/zero/1.0/)\n    url: https://a.org/cat\n"
        "    background: author: Bob B.\n"
        "    background: licence: GPL-2 (https://www.gnu.org/licenses/old-licenses/gpl-2.0.html)",
        f"002.webp: =id 2\n    {NOTHING_KNOWN}\n",
    ]


def test_the_table_is_for_a_spreadsheet_and_computes_nothing(tmp_path: Path) -> None:
    text = opened(packed([answer(tmp_path, CREDIT, {})])).read("results.csv").decode()
    assert text.startswith("\ufeff")
    first, second = csv.DictReader(io.StringIO(text[1:], newline=""))
    assert first == {
        "rank": "1",
        "id": "'=id 1",
        "score": "0.5",
        "percentile": "90.0",
        **{"x0": "0.1", "y0": "0.2", "x1": "0.3", "y1": "0.4"},
        "file": "001.webp",
        "author": "Ann",
        "licence": "CC0-1.0",
        "source": "https://a.org/cat",
    }
    assert [second[name] for name in ("x0", "author", "file")] == ["", "", "002.webp"]


def test_what_is_too_large_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.share.archive.MOST_BYTES", 25)
    archive = opened(packed([answer(tmp_path, CREDIT, CREDIT, CREDIT)]))
    assert archive.namelist() == ["001.webp", "002.webp", "CREDITS.txt", "results.csv"]
    assert archive.read("CREDITS.txt").decode().endswith(LEFT_OUT + "\n")


def test_an_empty_answer_has_no_pictures(tmp_path: Path) -> None:
    nothing = answer(tmp_path)
    archive = opened(packed([replace(nothing, pictures=[])]))
    assert archive.namelist() == ["CREDITS.txt", "results.csv"]
