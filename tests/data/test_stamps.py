import numpy as np
import pytest
from PIL import Image

from stnet.data.categories import CategorySplit, load_split
from stnet.data.objects import ObjectBank
from stnet.data.objects.__main__ import main
from stnet.data.objects.stamps import (
    download_package,
    find_stamps,
    read_stamp,
    stamp_bank,
    unpack_package,
)


def write_stamp(path, *, size=(30, 20), colour=(10, 200, 30), frame=4):
    width, height = size
    pixels = np.zeros((height + 2 * frame, width + 2 * frame, 4), np.uint8)
    pixels[frame : frame + height, frame : frame + width] = (*colour, 255)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A folder like the unpacked package, with a small picture for each stamp of the committed split."""
    root = tmp_path_factory.mktemp("package")
    for name in load_split().merges:
        write_stamp(root / "usr/share/tuxpaint/stamps" / f"{name}.png")
    notice = root / "usr/share/doc/tuxpaint-stamps-default/copyright"
    notice.parent.mkdir(parents=True)
    notice.write_text("Copyright: somebody\nLicense: GPL-2\n", encoding="utf-8")
    return root


def test_a_stamp_is_cropped_and_made_no_larger_than_192(tmp_path):
    write_stamp(tmp_path / "small.png", size=(30, 20))
    write_stamp(tmp_path / "large.png", size=(800, 400), frame=50)
    assert read_stamp(tmp_path / "small.png").shape == (20, 30, 4)
    large = read_stamp(tmp_path / "large.png")
    assert large.shape == (96, 192, 4)
    np.testing.assert_array_equal(large[48, 96], (10, 200, 30, 255))


def test_making_a_stamp_smaller_bleeds_no_background_into_its_edge(tmp_path):
    turn = np.hypot(*np.mgrid[-200:200, -200:200]) < 190
    pixels = np.zeros((400, 400, 4), np.uint8)
    pixels[turn] = (240, 240, 240, 255)
    Image.fromarray(pixels).save(tmp_path / "disc.png")
    shrunk = read_stamp(tmp_path / "disc.png")
    edge = (shrunk[..., 3] > 40) & (shrunk[..., 3] < 215)
    assert edge.sum() > 50
    assert shrunk[edge][:, :3].min() > 230


def test_a_grey_stamp_with_alpha_is_read_and_an_opaque_one_refused(tmp_path):
    grey = np.zeros((9, 9, 2), np.uint8)
    grey[2:7, 2:7] = (90, 255)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    np.testing.assert_array_equal(read_stamp(tmp_path / "grey.png")[2, 2], (90, 90, 90, 255))
    Image.new("RGB", (9, 9), (1, 2, 3)).save(tmp_path / "opaque.png")
    with pytest.raises(ValueError, match="no transparent part"):
        read_stamp(tmp_path / "opaque.png")


def test_the_bank_follows_the_split(tmp_path):
    for name in ("a/one", "a/two", "b/three"):
        write_stamp(tmp_path / f"{name}.png")
    split = CategorySplit(
        seen=("cat",),
        unseen=("dog",),
        merges={"a/one": "cat", "a/two": "cat", "b/three": "dog"},
        held_out=frozenset({"a/two"}),
    )
    bank = stamp_bank(tmp_path, split)
    assert bank.categories == ("cat", "dog")
    assert [cut_out.name for cut_out in bank.cut_outs("cat", held_out=True)] == ["a/two"]
    (tmp_path / "b/three.png").unlink()
    with pytest.raises(ValueError, match=r"1 of 3 stamps are not in .* \(the first: b/three\.png\)"):
        stamp_bank(tmp_path, split)


def test_the_command_makes_a_bank_with_its_licence(package, tmp_path, capsys):
    assert main(["--stamps", str(package), "--out", str(tmp_path / "bank")]) == 0
    bank = ObjectBank.load(tmp_path / "bank")
    split = load_split()
    assert len(bank) == len(split.merges)
    assert bank.categories == tuple(sorted(split.names))
    assert {cut_out.name for cut_out in bank if cut_out.held_out} == split.held_out
    notice = (tmp_path / "bank" / "NOTICE.txt").read_text(encoding="utf-8")
    assert "General Public License, version 2" in notice
    assert "Copyright: somebody" in notice
    assert f"{len(bank)} cut-outs in {len(bank.categories)} categories" in capsys.readouterr().out


def test_the_stamps_folder_itself_may_be_named(package):
    stamps = package / "usr/share/tuxpaint/stamps"
    assert find_stamps(stamps) == find_stamps(package) == stamps
    with pytest.raises(ValueError, match="no stamps in"):
        find_stamps(stamps / "animals")


def test_the_command_fails_with_a_reason(tmp_path, capsys):
    assert main(["--stamps", str(tmp_path / "nowhere"), "--out", str(tmp_path / "bank")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: --stamps ") and error.endswith("no such folder or file\n")
    assert not (tmp_path / "bank").exists()


def test_without_debian_tools_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match=r"apt-get is not on this machine.*--stamps FOLDER"):
        download_package(tmp_path)
    with pytest.raises(ValueError, match="dpkg is not on this machine"):
        unpack_package(tmp_path / "a.deb", tmp_path)


def test_what_a_failing_tool_says_is_passed_on(tmp_path, monkeypatch):
    tool = tmp_path / "apt-get"
    tool.write_text("#!/bin/sh\necho 'E: Unable to locate package' >&2\nexit 100\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ValueError, match="Unable to locate package"):
        download_package(tmp_path)
