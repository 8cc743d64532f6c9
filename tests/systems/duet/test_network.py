"""The prompt stands before the pseudo words; one converter makes all of them; a folder holds it whole."""

import pytest
import torch

from stnet.systems.duet.network import DuetNetwork, DuetSizes

SIZES = DuetSizes(picture=12, sketch=10, word=8)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return DuetNetwork(SIZES).eval()


def test_the_prompt_and_then_a_pseudo_word_for_each_vector(network):
    first, second = torch.randn(4, 8), torch.randn(4, 8)
    sequence = network.prompted(4, first, second)
    assert sequence.shape == (4, 3 + 2, 8)
    for row in range(4):
        assert torch.equal(sequence[row, :3], network.prompt)
        torch.testing.assert_close(sequence[row, 3], network.converter(first[row]))
        torch.testing.assert_close(sequence[row, 4], network.converter(second[row]))
    assert network.prompted(2).shape == (2, 3, 8)


def test_the_converter_has_three_layers(network):
    assert sum(isinstance(part, torch.nn.Linear) for part in network.converter) == 3


def test_cells_and_whole_pictures_go_through_the_same(network):
    cells = torch.randn(2, 5, 12)
    torch.testing.assert_close(network.pictures(cells)[1, 3], network.pictures(cells[1, 3]))
    assert network.drawings(torch.randn(3, 10)).shape == (3, 8)


def test_it_is_read_as_it_was_written(network, tmp_path):
    network.text_probe.normal_()
    network.save(tmp_path)
    read = DuetNetwork.load(tmp_path)
    assert read.sizes == SIZES and not read.training
    for name, value in network.state_dict().items():
        assert torch.equal(read.state_dict()[name], value)


@pytest.mark.parametrize("missing", ["duet.json", "duet.safetensors"])
def test_half_a_folder_is_refused(network, tmp_path, missing):
    network.save(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(ValueError, match=r"holds no trained Duet .*configs/systems/duet.yaml"):
        DuetNetwork.load(tmp_path)
