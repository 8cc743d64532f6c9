"""Photographs with credits, in the form of the index builder."""

import gzip
import io

import pytest
from PIL import Image

from index_builder.sources.folder import FolderSource
from stnet.data.gallery_photos.credits import Credit
from stnet.data.gallery_photos.finding import Found, tuxpaint
from stnet.data.gallery_photos.writing import write_photos


def picture(width, height, turned=False):
    file, exif = io.BytesIO(), Image.Exif()
    if turned:
        exif[0x0112] = 6
    Image.new("RGB", (width, height), "teal").save(file, "JPEG", exif=exif)
    return file.getvalue()


def found(path, content, credit):
    return Found("gcompris-qt-data", path, content, credit)


LEE = Credit("Ann|Lee", "CC0-1.0", "https://commons.wikimedia.org/wiki/File:Red_Panda.jpg")


def test_photographs_are_written_as_the_index_builder_reads_them(tmp_path):
    photos = [
        found("src/activities/erase/resource/redPanda.webp", picture(1000, 500, turned=True), LEE),
        found("src/activities/monuments/resource/india/taj.webp", picture(30, 20), Credit("Bo", "GPL-2+")),
        found("src/activities/monuments/resource/usa/taj.webp", picture(30, 20), Credit("Cy", "GPL-2+")),
        found("src/activities/erase/resource/who.webp", picture(30, 20), None),
    ]
    count, left_out = write_photos(photos, {"gcompris-qt-data": "3.1-2"}, tmp_path / "out")
    assert (count, left_out) == (3, ["gcompris-qt-data: src/activities/erase/resource/who.webp"])
    entries = {entry.id: entry for entry in FolderSource(tmp_path / "out/images")}
    panda = entries["gcompris-erase-redpanda.jpg"]
    assert panda.metadata == {
        "title": "Red Panda",
        "author": "Ann|Lee",
        "licence": "CC0-1.0",
        "url": LEE.url,
        "source": "Debian gcompris-qt-data 3.1-2, src/activities/erase/resource/redPanda.webp",
    }
    with Image.open(panda.content) as image:
        assert image.size == (256, 512)  # upright, and no larger
    assert entries["gcompris-monuments-india-taj.jpg"].metadata["author"] == "Bo"
    assert entries["gcompris-monuments-usa-taj.jpg"].metadata["author"] == "Cy"
    table = (tmp_path / "out/CREDITS.md").read_text(encoding="utf-8")
    assert r"Ann\|Lee" in table and table.count("\n| gcompris-") == 3


def test_a_folder_with_files_and_equal_names_are_refused(tmp_path):
    twice = [found("a/b.webp", picture(9, 9), LEE), found("a/b.png", picture(9, 9), LEE)]
    with pytest.raises(ValueError, match="two photographs"):
        write_photos(twice, {"gcompris-qt-data": "1"}, tmp_path / "out")
    with pytest.raises(ValueError, match="not empty"):
        write_photos([], {}, tmp_path / "out")


def test_a_template_that_nobody_is_named_for_has_no_credit(tmp_path):
    documents, templates = tmp_path / "usr/share/doc/tuxpaint-data", tmp_path / "usr/share/tuxpaint/templates"
    documents.mkdir(parents=True)
    templates.mkdir(parents=True)
    (documents / "AUTHORS.txt.gz").write_bytes(gzip.compress(b"\n* Templates\n  * Corn maze\n    Lou\n"))
    for name in ("corn_maze", "cliff"):
        (templates / f"{name}.jpg").write_bytes(picture(9, 9))
    assert {photo.name: photo.credit and photo.credit.author for photo in tuxpaint(tmp_path)} == {
        "corn maze": "Lou",
        "cliff": None,
    }
