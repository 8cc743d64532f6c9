import json
from dataclasses import replace

import pytest

from stnet.gallery.manifest import (
    DATA_FILES,
    MANIFEST_NAME,
    FileSeal,
    GalleryError,
    Manifest,
    check_files,
    is_gallery,
    read_manifest,
    seal_file,
    write_manifest,
)


@pytest.fixture
def folder(tmp_path):
    """A folder with the data files and their manifest."""
    for number, name in enumerate(DATA_FILES):
        (tmp_path / name).write_bytes(bytes([number]) * 1000)
    seals = {name: seal_file(tmp_path / name) for name in DATA_FILES}
    manifest = Manifest(
        name="kitchen",
        rows=3,
        model_name="small",
        model_fingerprint="f" * 64,
        image_size=64,
        grid=(4, 5),
        dimension=16,
        parts=4,
        picture_size=512,
        picture_format="jpeg",
        files=seals,
    )
    write_manifest(tmp_path, manifest)
    return tmp_path


def rewrite(folder, **changes):
    content = json.loads((folder / MANIFEST_NAME).read_text())
    (folder / MANIFEST_NAME).write_text(json.dumps(content | changes))


def test_it_comes_back_as_it_was_written(folder):
    manifest = read_manifest(folder)
    assert manifest.grid == (4, 5)
    assert manifest.patches == 20
    assert manifest.files["patches.int8"] == FileSeal(1000, seal_file(folder / "patches.int8").sha256)
    write_manifest(folder, replace(manifest, name="garden"))
    assert read_manifest(folder) == replace(manifest, name="garden")
    assert sorted(path.name for path in folder.iterdir()) == sorted([*DATA_FILES, MANIFEST_NAME])
    check_files(folder, manifest)


def test_a_missing_folder_says_how_to_build_one(tmp_path):
    with pytest.raises(GalleryError, match=r"There is no gallery at .*python -m index_builder"):
        read_manifest(tmp_path / "absent")


def test_a_folder_without_manifest_is_not_a_gallery(tmp_path):
    assert not is_gallery(tmp_path)
    with pytest.raises(GalleryError, match=r"is not a gallery: it has no gallery\.json"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "damaged"),
        (b"{", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"[]", "not the manifest of an STNET gallery"),
        (b'{"format": "other"}', "not the manifest of an STNET gallery"),
    ],
)
def test_what_is_not_our_manifest_is_refused(folder, content, text):
    (folder / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(GalleryError, match=text):
        read_manifest(folder)


def test_another_version_is_refused(folder):
    assert is_gallery(folder)
    rewrite(folder, version=1)
    with pytest.raises(GalleryError, match="has format version 1; this program reads the versions 2 and 3"):
        read_manifest(folder)
    assert is_gallery(folder)


@pytest.mark.parametrize("version", [True, 2.0, "2", None, 4])
def test_what_is_no_known_version_is_refused(folder, version):
    rewrite(folder, version=version)
    with pytest.raises(GalleryError, match=f"has format version {version!r}; this program reads"):
        read_manifest(folder)


def test_a_changed_manifest_is_refused(folder):
    rewrite(folder, rows=4)
    with pytest.raises(GalleryError, match="was changed after the gallery was sealed"):
        read_manifest(folder)


@pytest.mark.parametrize("name", DATA_FILES)
def test_every_fault_of_a_file_names_the_file(folder, name):
    manifest, path = read_manifest(folder), folder / name
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(GalleryError, match=f"{name} is truncated: it has 999 bytes"):
        check_files(folder, manifest, checksums=False)
    path.write_bytes(content + b"x")
    with pytest.raises(GalleryError, match=f"{name} is not the same file"):
        check_files(folder, manifest, checksums=False)
    flipped = bytearray(content)
    flipped[500] ^= 1
    path.write_bytes(bytes(flipped))
    with pytest.raises(GalleryError, match=f"{name} is damaged"):
        check_files(folder, manifest)
    path.unlink()
    with pytest.raises(GalleryError, match=f"{name} is missing"):
        check_files(folder, manifest)
