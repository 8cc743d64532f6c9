"""The benchmark of encoders at toy size, and what it can't measure."""

import json

import pytest
import torch

from benchmarks.encoding import main
from benchmarks.encoding_table import markdown


def test_both_encoders_are_measured_on_one_thread_and_two(tiny_checkpoint, tmp_path, capsys):
    before = torch.get_num_threads()
    asked = ["--suite", "shapes", "--images", "8", "--checkpoint", str(tiny_checkpoint), "--rounds", "2"]
    main([*asked, "--json", str(tmp_path / "figures.json")])
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert capsys.readouterr().out.strip() == markdown(figures).strip()
    rows = figures["rows"]
    assert [(row["threads"], row["encoder"]) for row in rows] == [
        (threads, name) for threads in (1, 2) for name in ("torch", "ONNX Runtime")
    ]
    assert all(row["pair_ms"] > 0 and row["batch_cpu_ms"] >= 0 and row["two_users"] > 0 for row in rows)
    assert all(min(row["cosine"].values()) > 0.99999 for row in rows)
    assert figures["R@10"]["torch"] == pytest.approx(figures["R@10"]["ONNX Runtime"], abs=15)
    assert not figures["complete"] and figures["batch"] == 8
    assert torch.get_num_threads() == before


def test_what_cannot_be_measured_is_said(tiny_checkpoint, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(
            ["--suite", "scenes-1k", "--bank", str(tmp_path / "absent"), "--checkpoint", str(tiny_checkpoint)]
        )
    assert ended.value.code == 2 and "absent" in capsys.readouterr().err
