"""ZSE-SBIR's network: attention against a plain reference, places kept, blank drawings, and its files."""

import math

import pytest
import torch

from stnet.systems.zse.network import CrossAttention, ZseNetwork, ZseSizes

SIZES = ZseSizes(channels=1, side=64, drawn=12, fine=6, coarse=10, grid=4, width=16, heads=2)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return ZseNetwork(SIZES).eval()


def plain_attention(attention, own, other):
    """Multi-head attention written out, head by head and token by token."""
    width, heads = own.shape[-1], attention.num_heads
    project = attention.in_proj_weight.split(width), attention.in_proj_bias.split(width)
    query, key, value = (
        source @ weight.T + bias for source, weight, bias in zip((own, other, other), *project, strict=True)
    )
    size, result = width // heads, torch.zeros_like(own)
    for head in range(heads):
        part = slice(head * size, (head + 1) * size)
        for token in range(len(own)):
            logits = torch.stack([query[token, part] @ one for one in key[:, part]]) / math.sqrt(size)
            shares = logits.exp() / logits.exp().sum()
            result[token, part] = sum(share * one for share, one in zip(shares, value[:, part], strict=True))
    return attention.out_proj(result)


@torch.no_grad()
def test_cross_attention_is_the_written_out_one():
    torch.manual_seed(0)
    cross, own, other = CrossAttention(8, 2), torch.randn(5, 8), torch.randn(3, 8)
    attended = cross.norms[0](own + plain_attention(cross.attention, own, other))
    expected = cross.norms[1](attended + cross.feed(attended))
    torch.testing.assert_close(cross(own[None], other[None])[0], expected, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_neighbours_are_pooled_at_their_place(network):
    """The relation network's matrix is over places: one token that matches one token is one entry."""
    seen = []
    network.relation[0].register_forward_hook(lambda module, given, made: seen.append(given[0]))
    network.cross_attention.forward = lambda own, other: own
    drawn, shown = torch.zeros(1, 16, 16), torch.zeros(1, 16, 16)
    drawn[0, 1 * 4 + 2, 0] = 1.0  # in the pooled cell (0, 1)
    shown[0, 3 * 4 + 0, 0] = 1.0  # in the pooled cell (1, 0)
    network.relate(drawn, shown)
    kernel = seen[0].unflatten(1, (4, 4))[0]
    assert kernel.nonzero().tolist() == [[1, 2]] and kernel[1, 2] == pytest.approx(1.0)


@torch.no_grad()
def test_blank_drawings_are_ranked_like_others(network):
    drawn = network.drawings(torch.zeros(2, 1, 64, 64), torch.zeros(2, 12))
    shown = network.pictures(torch.randn(2, 6, 4, 4), torch.randn(2, 10, 2, 2))
    relation = network.relate(drawn.visual, shown.visual)
    assert torch.isfinite(relation).all() and ((relation > 0) & (relation < 1)).all()
    assert drawn.retrieval.shape == (2, 16) and drawn.visual.shape == (2, 16, 16)
    nothing = torch.zeros(1, 16, 16)
    assert torch.isfinite(network.relate(nothing, nothing)).all()


@torch.no_grad()
def test_retrieval_tokens_begin_with_what_the_frozen_networks_know(network):
    """Alike in pixels and patches, other in what is known of the whole: other tokens, on either side."""
    drawn = network.drawings(torch.ones(2, 1, 64, 64), torch.eye(2, 12))
    assert (drawn.retrieval[0] - drawn.retrieval[1]).abs().max() > 1e-3
    network.picture_tokens.forward = lambda fine, coarse: torch.ones(len(fine), 16, 16)
    shown = network.pictures(torch.zeros(2, 6, 4, 4), torch.eye(2, 10)[:, :, None, None].expand(2, 10, 2, 2))
    assert (shown.retrieval[0] - shown.retrieval[1]).abs().max() > 1e-3


def test_what_is_saved_is_read(network, tmp_path):
    network.save(tmp_path)
    read = ZseNetwork.load(tmp_path)
    assert read.sizes == SIZES
    assert all(torch.equal(value, read.state_dict()[name]) for name, value in network.state_dict().items())
    (tmp_path / "zse.json").write_text("{}")
    with pytest.raises(ValueError, match="holds no trained ZSE-SBIR"):
        ZseNetwork.load(tmp_path)


@pytest.mark.parametrize("changes", [{"side": 48}, {"side": 80, "grid": 5}])
def test_grids_that_do_not_meet_are_refused(changes):
    fields = {"channels": 1, "side": 64, "drawn": 12, "fine": 6, "coarse": 10, "grid": 4}
    with pytest.raises(ValueError, match="need an even grid"):
        ZseSizes(**fields | changes)
