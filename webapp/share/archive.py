"""The pictures of an answer as a ZIP, with who made each, on what terms, and a table of the results."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

from stnet.search import SearchResult
from webapp.results.content import address, facts
from webapp.search_service import Answer

MOST_PACKED = 200  # results
MOST_BYTES = 100_000_000  # of the pictures: those that follow are left out, and CREDITS.txt says so
CREDITED = ("title", "name", "author", "licence", "license", "source", "url")
COLUMNS = ("rank", "id", "score", "percentile", "x0", "y0", "x1", "y1", "file", "author", "licence", "source")
NOTHING_KNOWN = "the gallery doesn't say who made it, nor on what terms"
LEFT_OUT = "The pictures after these were left out: together they are too large for one file."


def packed(answers: Sequence[Answer]) -> bytes:
    """The pages of one answer, in order, as the content of a ZIP file.

    Pictures are named by rank, never by id: an id is somebody else's text. They are what the page shows,
    without EXIF.
    """
    found = [one for answer in answers for one in zip(answer.response.results, answer.pictures, strict=True)]
    file, credits, rows, size = io.BytesIO(), [], [COLUMNS], 0
    with zipfile.ZipFile(file, "w") as archive:  # stored: pictures are compressed already
        for result, path in found:
            content, name = Path(path).read_bytes(), f"{result.rank:03d}{PurePath(path).suffix}"
            size += len(content)
            if size > MOST_BYTES:
                credits.append(LEFT_OUT)
                break
            archive.writestr(name, content)
            credits.append("\n".join([f"{name}: {' '.join(result.id.split())}", *_credit(result.metadata)]))
            rows.append(_row(result, name))
        archive.writestr("CREDITS.txt", "\n\n".join(credits) + "\n")
        archive.writestr("results.csv", _table(rows))
    return file.getvalue()


def _credit(metadata: dict[str, Any]) -> Iterator[str]:
    """The lines about one picture, of every part of it that somebody made."""
    known = [(name, text) for name, text in facts(metadata) if _kind(name) in CREDITED]
    for name, text in known:
        leads = address(name, text)
        yield f"    {name}: {' '.join(text.split())}" + (f" ({leads})" if leads and leads != text else "")
    if not known:
        yield f"    {NOTHING_KNOWN}"


def _kind(name: str) -> str:
    """Of a fact of a part of a picture ("background: author"), what it says."""
    return name.rpartition(": ")[2].casefold()


def _row(result: SearchResult, name: str) -> tuple[Any, ...]:
    known = {name.casefold(): text for name, text in facts(result.metadata)}
    licence = known.get("licence", known.get("license", ""))
    source = known.get("url", known.get("source", ""))
    box = result.box or ("",) * 4
    credit = (known.get("author", ""), licence, source)
    return (result.rank, _plain(result.id), result.score, result.percentile, *box, name, *map(_plain, credit))


def _plain(text: str) -> str:
    """A text for a spreadsheet, which would compute one that begins like a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _table(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return "\ufeff" + text.getvalue()  # the mark tells a spreadsheet that this is UTF-8
