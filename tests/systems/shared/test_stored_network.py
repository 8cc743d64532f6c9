from dataclasses import dataclass

import pytest
import torch
from torch import nn

from stnet.systems.shared.stored_network import StoredNetwork


@dataclass(frozen=True)
class Sizes:
    width: int


class Line(StoredNetwork):
    name, called, sizes_type = "line", "Line", Sizes

    def __init__(self, sizes):
        super().__init__()
        self.sizes, self.linear = sizes, nn.Linear(sizes.width, 1)


def test_a_network_comes_back_with_its_sizes(tmp_path):
    written = Line(Sizes(3))
    written.save(tmp_path / "new" / "folder")
    read = Line.load(tmp_path / "new" / "folder")
    assert read.sizes == Sizes(3) and not read.training
    assert torch.equal(read.linear.weight, written.linear.weight)


@pytest.mark.parametrize("damaged", ["line.json", "line.safetensors"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_what_is_no_whole_network_says_how_to_train_one(tmp_path, damaged, content):
    Line(Sizes(3)).save(tmp_path)
    (tmp_path / damaged).unlink()
    if content is not None:
        (tmp_path / damaged).write_bytes(content)
    with pytest.raises(ValueError, match=r"holds no trained Line .*configs/systems/line\.yaml"):
        Line.load(tmp_path)
