"""Between two runs: every weight on the straight line, and nothing else of them."""

import pytest
import torch

from stnet.checkpoint import load_as_trained
from stnet.training.halfway import main
from stnet.training.naming import with_naming_head
from tests.conftest import tiny_config
from tests.training.shapes import tiny_model

CPU = torch.device("cpu")


@pytest.fixture
def runs(tmp_path):
    """Two runs of one shape; the earlier has a naming head, too."""
    model, processor = tiny_model()
    folders = [tmp_path / "before", tmp_path / "after"]
    named = with_naming_head(model, ["cat", "cup"], torch.nn.Linear(16, 2))
    for folder, part in zip(folders, (named, model), strict=True):
        part.save_pretrained(folder)
        processor.save_pretrained(folder)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(torch.randn_like(parameter))
    return folders


def weights(folder):
    return load_as_trained(folder, CPU).model.state_dict()


def arguments(folders, out, share="0.25"):
    before, after = map(str, folders)
    return ["--before", before, "--after", after, "--share", share, "--out", str(out)]


def test_every_weight_lies_on_the_line(runs, tmp_path, capsys):
    assert main(arguments(runs, tmp_path / "out")) == 0
    assert "0.25 of the way" in capsys.readouterr().out
    old, new, between = map(weights, (*runs, tmp_path / "out"))
    assert between.keys() == new.keys()
    for name, value in between.items():
        line = torch.lerp(old[name].double(), new[name].double(), 0.25 if value.is_floating_point() else 1.0)
        assert torch.allclose(value.double(), line, atol=1e-6), name
    assert not torch.equal(old["sketch_projection.weight"], new["sketch_projection.weight"])


@pytest.mark.parametrize(("share", "place"), [("0", 0), ("1", 1)])
def test_the_ends_are_the_runs(runs, tmp_path, share, place):
    assert main(arguments(runs, tmp_path / "out", share)) == 0
    own, between = weights(runs[place]), weights(tmp_path / "out")
    assert all(torch.equal(value, own[name]) for name, value in between.items())


def test_runs_that_do_not_fit_and_shares_out_of_range_end_with_one_line(runs, tmp_path, capsys):
    assert main(arguments(runs, tmp_path / "out", "1.5")) == 2
    assert "--share must be in 0..1, got 1.5" in capsys.readouterr().err
    other = type(load_as_trained(runs[1], CPU).model)(tiny_config(projection_dim=8))
    other.save_pretrained(runs[1])
    assert main(arguments(runs, tmp_path / "out")) == 2
    assert "are models of different shapes: " in capsys.readouterr().err
