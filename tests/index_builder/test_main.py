import json
import os
import shutil
import signal
import threading
import time

import pytest

from index_builder.__main__ import main
from index_builder.watching import SEEN_NAME
from stnet.gallery.gallery import Gallery
from tests.galleries import make_photos


@pytest.fixture
def options(tiny_checkpoint, tmp_path):
    """--images, --checkpoint and --out."""
    photos = make_photos(tmp_path / "photos", 4)
    return [
        "--images",
        str(photos),
        "--checkpoint",
        str(tiny_checkpoint),
        "--out",
        str(tmp_path / "out" / "gallery"),
    ]


def test_build_search_and_verify(options, tiny_checkpoint, tmp_path, capsys):
    (tmp_path / "photos" / "bad.png").write_bytes(b"x")
    assert main([*options, "--name", "mine", "--picture-format", "webp", "--batch-size", "3"]) == 0
    printed = capsys.readouterr()
    assert "4 pictures in" in printed.out
    assert "skipped 1:\n  bad.png: it is not a JPEG, PNG, WebP" in printed.out
    assert "indexing" in printed.err
    gallery = Gallery.open(options[-1])
    assert (gallery.name, len(gallery), gallery.manifest.picture_format) == ("mine", 4, "webp")
    assert main(["verify", options[-1], "--checkpoint", str(tiny_checkpoint), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["recomputed"] == 4
    assert main(["verify", options[-1]]) == 0
    assert "sound; 4 pictures" in capsys.readouterr().out


def test_the_report_as_json_names_everything(options, tmp_path, capsys):
    for number in range(30):
        (tmp_path / "photos" / f"bad-{number:02d}.png").write_bytes(b"x")
    assert main([*options, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["indexed"] == 4
    assert len(report["skipped"]) == 30
    shutil.rmtree(options[-1])
    assert main(options) == 0
    assert "and 10 more (--json names all)" in capsys.readouterr().out


def test_add_remove_and_merge(options, tiny_checkpoint, tmp_path, capsys):
    assert main([*options, "--limit", "2"]) == 0
    gallery = options[-1]
    assert main(["add", gallery, "--images", options[1], "--checkpoint", str(tiny_checkpoint)]) == 0
    printed = capsys.readouterr()
    assert "added 2; 4 pictures now\nskipped 2:\n  photo-00.png: the gallery has a picture" in printed.out
    assert main(["remove", gallery, "photo-00.png", "photo-03.png", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == ["photo-00.png", "photo-03.png"]
    assert main(["remove", gallery, "x"]) == 2
    assert "has no picture 'x'" in capsys.readouterr().err
    part = str(tmp_path / "part")
    assert main([*options[:4], "--out", part, "--limit", "3", "--part", "1/1"]) == 0
    capsys.readouterr()
    assert main(["merge", part, "--out", str(tmp_path / "merged")]) == 0
    assert "3 pictures, 3 of them kept, in" in capsys.readouterr().out


def test_a_process_of_a_launcher_builds_its_part(options, capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "1")
    assert main(options) == 0  # one shard of 1,024: the last part has it
    assert len(Gallery.open(f"{options[-1]}-2-of-2")) == 4


def test_a_watch_goes_on_until_it_is_told_to_stop(options, tmp_path, capsys):
    def stop():
        while not (tmp_path / "out" / "gallery" / SEEN_NAME).exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    handler = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=stop)
    thread.start()
    assert main(["watch", options[-1], "--every", "0.05", *options[:4]]) == 0
    thread.join()
    assert signal.getsignal(signal.SIGTERM) == handler
    printed = capsys.readouterr().err
    assert "has 4 pictures now\n" in printed
    assert printed.endswith("stopped\n")


def test_an_existing_gallery_needs_overwrite(options, capsys):
    assert main(options) == 0
    assert main(options) == 2
    assert "give --overwrite to replace it" in capsys.readouterr().err
    assert main([*options, "--overwrite", "--limit", "2"]) == 0
    assert len(Gallery.open(options[-1])) == 2


@pytest.mark.parametrize(
    ("extra", "text"),
    [
        (["--images", "/absent"], "There is no such source: /absent"),
        (["--checkpoint", "/absent"], "There is no checkpoint at /absent"),
        (["--out", "/proc/gallery"], "proc"),
        (["--device", "warp"], "can't be used here"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(options, extra, text, capsys):
    assert main([*options, *extra]) == 2
    printed = capsys.readouterr().err.splitlines()
    lines = [line for line in printed if line and "indexing" not in line]  # the bar stops, then the error
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert text in lines[0]


def test_a_damaged_gallery_fails_verification(options, capsys):
    assert main(options) == 0
    with open(f"{options[-1]}/index.usearch", "r+b") as file:
        file.seek(200)
        file.write(b"\xff\xff")
    assert main(["verify", options[-1]]) == 2
    assert "index.usearch is damaged" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_numbers_must_be_positive(options, value, capsys):
    with pytest.raises(SystemExit) as stop:
        main([*options, "--batch-size", value])
    assert stop.value.code == 2
    assert "expected a whole number of at least 1" in capsys.readouterr().err
