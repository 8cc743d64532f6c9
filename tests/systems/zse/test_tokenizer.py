"""Tokens keep their place: what is drawn in one patch comes out at that patch."""

import pytest
import torch

from stnet.systems.zse.tokenizer import DrawingTokenizer, PictureTokenizer


@pytest.mark.parametrize(("row", "column"), [(0, 0), (1, 3), (3, 2)])
@torch.no_grad()
def test_a_one_hot_patch_comes_out_where_it_went_in(row, column):
    torch.manual_seed(0)
    tokenizer = DrawingTokenizer(1, 32)
    blank, drawn = torch.zeros(1, 1, 64, 64), torch.zeros(1, 1, 64, 64)
    drawn[:, :, row * 16 + 4 : row * 16 + 12, column * 16 + 4 : column * 16 + 12] = 1.0
    change = (tokenizer(drawn) - tokenizer(blank)).norm(dim=-1)[0]
    assert int(change.argmax()) == row * 4 + column
    far = [n for n in range(16) if max(abs(n // 4 - row), abs(n % 4 - column)) > 1]
    assert change[far].max() < 1e-5  # convolutions see the neighbours, and no farther


@pytest.mark.parametrize(("row", "column"), [(0, 1), (2, 3)])
@torch.no_grad()
def test_a_map_s_cell_comes_out_where_it_went_in(row, column):
    torch.manual_seed(0)
    tokenizer = PictureTokenizer(6, 10, 32)
    fine, coarse = torch.zeros(1, 6, 4, 4), torch.zeros(1, 10, 2, 2)
    blank = tokenizer(fine, coarse)
    fine[:, :, row, column] = 3.0
    change = (tokenizer(fine, coarse) - blank).norm(dim=-1)[0]
    assert change.shape == (16,) and int(change.argmax()) == row * 4 + column


@torch.no_grad()
def test_both_parts_add_up():
    torch.manual_seed(0)
    tokenizer, values = DrawingTokenizer(3, 8), torch.randn(2, 3, 32, 32)
    found = tokenizer(values)
    patch = values[1, :, 16:32, 0:16]
    own = (tokenizer.patches.weight * patch).sum((1, 2, 3)) + tokenizer.patches.bias
    torch.testing.assert_close(found[1, 2], own + tokenizer.around(values)[1, :, 1, 0], rtol=1e-4, atol=1e-5)
