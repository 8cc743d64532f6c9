from benchmarks.near_duplicates import CHANGES, main
from tests.galleries import make_gallery


def test_every_change_is_a_row_and_pairs_are_counted(tiny_checkpoint, tmp_path, capsys):
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=6)
    assert main(["--gallery", str(gallery), "--checkpoint", str(tiny_checkpoint), "--every", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines[2:6]] == list(CHANGES)
    assert lines[-2].startswith("pairs of photos: 15; at most 7 bits: 0;")
    assert lines[-1] == "of 6 photos 0 are marked: none"
