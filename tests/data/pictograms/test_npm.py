"""Packages of npm: taken from the shelf or fetched, checked, and unpacked without running anything."""

import hashlib
import io
import tarfile

import pytest

from stnet.data.pictograms.npm import FLUENT, OPENMOJI, NpmPackage, unpack_npm


def archive(members):
    """The bytes of a .tgz."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as files:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            files.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def package_of(packed):
    return NpmPackage("@who/what", "1.2.3", hashlib.sha256(packed).hexdigest())


def test_archives_have_the_names_that_npm_gives_them():
    assert OPENMOJI.file == "openmoji-17.0.0.tgz" and FLUENT.file == "lobehub-fluent-emoji-3d-1.1.0.tgz"


def test_an_archive_on_the_shelf_is_unpacked(tmp_path):
    packed = archive({"package/data/list.json": b"[]"})
    package = package_of(packed)
    (tmp_path / "who-what-1.2.3.tgz").write_bytes(packed)
    folder = unpack_npm(package, tmp_path)
    assert (folder / "data/list.json").read_bytes() == b"[]"
    assert unpack_npm(package, tmp_path) == folder


def test_npm_fetches_what_is_not_there(tmp_path, monkeypatch):
    packed = archive({"package/index.js": b""})
    (tmp_path / "packed.tgz").write_bytes(packed)
    programs = tmp_path / "programs"
    programs.mkdir()
    npm = programs / "npm"
    npm.write_text(f'#!/bin/sh\necho "$@" > asked\ncp {tmp_path}/packed.tgz who-what-1.2.3.tgz\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    unpack_npm(package_of(packed), tmp_path / "shelf")
    assert (tmp_path / "shelf/asked").read_text() == "pack --silent @who/what@1.2.3\n"


def test_without_npm_one_line_says_what_it_comes_with(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match=r"npm is missing: it comes with Node\.js"):
        unpack_npm(OPENMOJI, tmp_path / "shelf")


def test_another_archive_and_one_that_leaves_its_folder_are_refused(tmp_path):
    packed = archive({"../outside": b""})
    package = package_of(packed)
    (tmp_path / package.file).write_bytes(packed)
    with pytest.raises(tarfile.FilterError):
        unpack_npm(package, tmp_path)
    (tmp_path / package.file).write_bytes(packed + b" ")
    with pytest.raises(ValueError, match="SHA-256"):
        unpack_npm(package, tmp_path)
