import os
import subprocess
import sys
from pathlib import Path

from webapp.files.process_folder import ProcessFolder

ROOT = Path(__file__).resolve().parents[3]
OLD = 1_000_000_000  # seconds: 2001


def test_only_this_user_can_enter_and_nobody_can_guess_the_name(tmp_path: Path) -> None:
    first, second = ProcessFolder(tmp_path, "mine-"), ProcessFolder(tmp_path, "mine-")
    assert first.path.stat().st_mode & 0o777 == 0o700
    assert len({first.path, second.path}) == 2
    assert len(first.path.name) >= len("mine-") + 32


def test_the_folder_goes_with_its_owner(tmp_path: Path) -> None:
    folder = ProcessFolder(tmp_path, "mine-")
    path = folder.path
    (path / "picture").write_bytes(b"content")
    del folder
    assert not path.exists()
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_deleted_before_even_twice(tmp_path: Path) -> None:
    folder = ProcessFolder(tmp_path, "mine-")
    (folder.path / "picture").write_bytes(b"content")
    folder.delete()
    folder.delete()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys; from webapp.files.process_folder import ProcessFolder; "
        "folder = ProcessFolder(pathlib.Path(sys.argv[1]), 'mine-'); "
        "(folder.path / 'picture').write_bytes(b'content'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False)
    (left,) = tmp_path.iterdir()
    assert (left / "picture").exists()
    os.utime(left, (OLD, OLD))
    folder = ProcessFolder(tmp_path, "mine-")
    assert list(tmp_path.iterdir()) == [folder.path]


def test_what_belongs_to_the_living_or_is_no_folder_of_ours_stays(tmp_path: Path) -> None:
    alive = ProcessFolder(tmp_path, "mine-")
    fresh, other, outside = tmp_path / "mine-fresh", tmp_path / "yours", tmp_path / "outside"
    for folder in (fresh, other, outside):
        folder.mkdir()
        (folder / "picture").write_bytes(b"content")
    link = tmp_path / "mine-link"
    link.symlink_to(outside)
    for path in (alive.path, other, outside):
        os.utime(path, (OLD, OLD))
    os.utime(link, (OLD, OLD), follow_symlinks=False)
    ProcessFolder(tmp_path, "mine-")
    assert alive.path.exists()
    assert all((folder / "picture").exists() for folder in (fresh, other, outside))
