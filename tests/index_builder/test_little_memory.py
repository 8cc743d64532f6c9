"""A builder whose machine has no memory left: one line, and the gallery that was there."""

import pytest
import torch

from index_builder import BuildSettings, build_gallery, open_source
from index_builder.__main__ import main
from stnet.gallery import encoding
from stnet.gallery.gallery import Gallery
from tests.galleries import load, make_photos


@pytest.fixture
def gallery(tmp_path, tiny_checkpoint):
    folder = tmp_path / "gallery"
    photos = open_source(str(make_photos(tmp_path / "photos", 3)))
    build_gallery(photos, load(tiny_checkpoint), folder, name="old", settings=BuildSettings(batch_size=2))
    return folder


def by_torch():
    torch.empty(1 << 46, dtype=torch.uint8)  # more than any machine has: the allocator's own error


def by_python():
    raise MemoryError


@pytest.mark.parametrize("run_out", [by_torch, by_python], ids=["torch", "python"])
@pytest.mark.parametrize("at", [0, 2], ids=["at once", "after some batches"])
def test_it_says_so_and_the_old_gallery_stays(
    tmp_path, tiny_checkpoint, gallery, run_out, at, monkeypatch, capsys
):
    encode, batches = encoding.embed, []

    def embed(*arguments, **options):
        batches.append(arguments)
        if len(batches) > at:
            run_out()
        return encode(*arguments, **options)

    monkeypatch.setattr("index_builder.building.embed", embed)
    before = {path.name: path.read_bytes() for path in gallery.iterdir()}
    command = ["--images", str(make_photos(tmp_path / "many", 9)), "--out", str(gallery), "--name", "new"]
    assert main([*command, "--overwrite", "--checkpoint", str(tiny_checkpoint), "--batch-size", "2"]) == 2
    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith("error: there is not enough memory")
    assert "Traceback" not in said
    assert len(batches) == at + 1
    assert {path.name: path.read_bytes() for path in gallery.iterdir()} == before
    assert Gallery.open(gallery).name == "old"
