"""The photographs as a folder that the index builder reads: pictures, metadata.jsonl and CREDITS.md."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

from stnet.data.gallery_photos.finding import Found
from stnet.pictures import PictureError, open_picture, picture_to_rgb

LONGER_SIDE = 512  # pixels
QUALITY = 95  # the gallery compresses once more
METADATA_FILE, CREDITS_FILE = "metadata.jsonl", "CREDITS.md"


def write_photos(found: Iterable[Found], versions: Mapping[str, str], out: Path) -> tuple[int, list[str]]:
    """Write all that can be credited; returns how many, and the paths of those left out.

    Args:
        versions: of the packages, by name.
        out: a new or empty folder.

    Raises:
        ValueError: if `out` has files, a picture can't be read, or two have the same name.
    """
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"{out} is not empty: name a new folder")
    (out / "images").mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    left_out = []
    for photo in found:
        if photo.credit is None:
            left_out.append(f"{photo.package}: {photo.path}")
            continue
        name = _file_name(photo)
        if (out / "images" / name).exists():
            raise ValueError(f"two photographs would be called {name}, one of them {photo.path}")
        _write_picture(photo, out / "images" / name)
        rows.append(_row(photo, name, versions[photo.package]))
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (out / "images" / METADATA_FILE).write_text(lines, encoding="utf-8")
    (out / CREDITS_FILE).write_text(credits_table(rows), encoding="utf-8")
    return len(rows), left_out


def _file_name(photo: Found) -> str:
    """Unlike for equal names in different folders: "monuments-india-charminar.jpg"."""
    skipped = {"src", "activities", "resource", "images", "image", "Media", "Backgrounds", "animals"}
    parts = [part for part in PurePosixPath(photo.path).with_suffix("").parts if part not in skipped]
    return f"{photo.package.split('-')[0]}-{'-'.join(parts)}.jpg".replace("_", "-").lower()


def _write_picture(photo: Found, path: Path) -> None:
    try:
        picture = picture_to_rgb(open_picture(photo.content))
    except PictureError as error:
        raise ValueError(f"{photo.package}: {photo.path}: {error}") from error
    picture.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture.save(path, quality=QUALITY)


def _row(photo: Found, name: str, version: str) -> dict[str, Any]:
    credit = photo.credit
    assert credit is not None  # the others are left out
    fields = {
        "title": credit.title or photo.name,
        "author": credit.author,
        "licence": credit.licence,
        "url": credit.url,
        "source": f"Debian {photo.package} {version}, {photo.path}",
    }
    return {"file_name": name} | {key: value for key, value in fields.items() if value}


def credits_table(rows: Iterable[Mapping[str, str]]) -> str:
    """All credits as a Markdown table."""
    lines = [
        "# Credits",
        "",
        "The photographs were made smaller; their makers' terms hold for these copies, too.",
        "",
        "| file | title | author | licence | from |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [row["file_name"], row["title"], row["author"], row["licence"], row["source"]]
        if "url" in row:
            cells[-1] += f"; <{row['url']}>"
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
