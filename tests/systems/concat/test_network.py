"""Concat's network: what it compares, what the LSTM reads, and that it comes back from disk as it was."""

import pytest
import torch

from stnet.systems.concat.network import ConcatNetwork, ConcatSizes

SIZES = ConcatSizes(picture=6, sketch=5, word=4, vocabulary=30, embedding=8)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return ConcatNetwork(SIZES).eval()


def test_similarity_is_the_scaled_negative_distance_of_unit_vectors(network):
    queries = network.query(torch.randn(3, 5), network.no_words(3))
    targets = network.targets(torch.randn(4, 6))
    assert torch.allclose(queries.norm(dim=-1), torch.ones(3)) and torch.allclose(
        targets.norm(dim=-1), torch.ones(4)
    )
    expected = [[-network.log_scale.exp().item() * (q - t).norm().item() for t in targets] for q in queries]
    found = network.similarity(queries, targets)
    torch.testing.assert_close(found, torch.tensor(expected), atol=1e-5, rtol=1e-5)


def test_padding_is_not_read(network):
    ids = torch.tensor([[1, 7, 9, 3, 0, 0], [1, 7, 9, 5, 6, 3]])
    mask = torch.tensor([[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]])
    read = network.read(ids, mask)
    alone = network.read(ids[:1, :4], mask[:1, :4])
    torch.testing.assert_close(read[:1], alone)
    outputs, (hidden, _) = network.reader(network.words(ids[1:]))
    torch.testing.assert_close(read[1], hidden[0, 0])
    assert not torch.allclose(read[0], outputs[0, -1])


def test_words_come_in_their_order(network):
    mask = torch.ones(1, 3, dtype=torch.long)
    one, other = (network.read(torch.tensor([ids]), mask) for ids in ([4, 5, 6], [5, 4, 6]))
    assert not torch.allclose(one, other)


def test_it_comes_back_as_it_was(tmp_path, network):
    network.save(tmp_path / "made")
    back = ConcatNetwork.load(tmp_path / "made")
    assert back.sizes == SIZES and not back.training
    for name, value in network.state_dict().items():
        assert torch.equal(back.state_dict()[name], value)


@pytest.mark.parametrize("damage", ["nothing there", "sizes", "weights"])
def test_what_is_missing_or_damaged_is_said(tmp_path, network, damage):
    if damage != "nothing there":
        network.save(tmp_path)
        (tmp_path / f"concat.{'json' if damage == 'sizes' else 'safetensors'}").write_text('{"picture": 3}')
    with pytest.raises(ValueError, match=r"holds no trained Concat .* train it with"):
        ConcatNetwork.load(tmp_path)
