"""The command that makes the shared pool says what is missing."""

from stnet.systems.make_pool import main


def test_what_is_missing_is_said(tmp_path, capsys):
    assert main(["--config", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml" in capsys.readouterr().err
    (tmp_path / "pool.yaml").write_text(f"stage: joint\noutput: {tmp_path}/pool\n")
    assert main(["--config", str(tmp_path / "pool.yaml")]) == 2
    assert "a shared pool needs pooled_scenes" in capsys.readouterr().err
