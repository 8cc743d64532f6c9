"""The command that makes photographs out of packages."""

from stnet.data.gallery_photos import __main__ as command


def test_a_package_that_cannot_be_had_is_one_line(tmp_path, monkeypatch, capsys):
    def unpack(package, downloads, folder):
        raise ValueError(f"no package {package} in {downloads}")

    monkeypatch.setattr(command, "unpack", unpack)
    out = tmp_path / "photos"
    assert command.main(["--out", str(out), "--packages", str(tmp_path)]) == 2
    assert "error: no package" in capsys.readouterr().err and not out.exists()


def test_photographs_are_counted_and_those_without_a_name_are_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "FINDERS", {"one": lambda folder: [folder / "a"], "two": lambda folder: []})
    monkeypatch.setattr(command, "unpack", lambda package, downloads, folder: f"{package} 1.0")
    asked = []

    def write_photos(found, versions, out):
        asked.append(([path.name for path in found], versions, out))
        return 1, ["b.jpg"]

    monkeypatch.setattr(command, "write_photos", write_photos)
    assert command.main(["--out", str(tmp_path), "--packages", str(tmp_path)]) == 0
    assert asked == [(["a"], {"one": "one 1.0", "two": "two 1.0"}, tmp_path)]
    printed = capsys.readouterr().out
    assert printed.startswith("1 photographs in") and "left out, nobody is named for it: b.jpg" in printed
