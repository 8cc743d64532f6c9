from index_builder.__main__ import main
from index_builder.cutting import write_shards
from stnet.gallery.cutting import shard_folders
from stnet.gallery.manifest import read_manifest
from tests.galleries import make_gallery, make_photos


def sizes(folder):
    return [read_manifest(path).rows for path in shard_folders(folder)]


def test_a_gallery_is_cut_beside_itself_or_elsewhere(tiny_checkpoint, tmp_path, capsys):
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=7)
    assert main(["cut", str(gallery), "--shards", "3"]) == 0
    assert sizes(tmp_path / "gallery-shards") == [2, 2, 3]
    assert "gallery-shards: 3 shards" in capsys.readouterr().err
    assert main(["cut", str(gallery), "--shards", "3"]) == 2
    assert "give --overwrite to replace it" in capsys.readouterr().err
    write_shards(gallery, 2, tmp_path / "elsewhere", overwrite=False)
    assert sizes(tmp_path / "elsewhere") == [3, 4]
    assert main(["cut", str(gallery), "--shards", "0", "--out", str(tmp_path / "none")]) == 2
    assert "got 0" in capsys.readouterr().err


def test_a_build_is_cut_if_it_is_told_to(tiny_checkpoint, tmp_path):
    photos = make_photos(tmp_path / "photos", 4)
    options = ["--images", str(photos), "--checkpoint", str(tiny_checkpoint), "--out", str(tmp_path / "made")]
    assert main([*options, "--shards", "2"]) == 0
    assert sizes(tmp_path / "made-shards") == [2, 2]
