"""Heads: boxes around their patches, and shapes and parameters of what only training uses."""

import pytest
import torch

from stnet.model.box_head import BoxHead
from stnet.training.heads import TeacherHead, TrainingHeads


def test_centres_lie_row_by_row_in_the_middle_of_their_patches():
    centres = BoxHead(8, (2, 4)).centres(8, torch.device("cpu"))
    assert centres[0].tolist() == [0.125, 0.25]
    assert centres[3].tolist() == [0.875, 0.25]
    assert centres[4].tolist() == [0.125, 0.75]


def test_boxes_are_inside_the_picture_and_around_their_patch():
    torch.manual_seed(0)
    head = BoxHead(8, (4, 4))
    boxes = head(torch.randn(3, 16, 8) * 20)
    centres = head.centres(16, torch.device("cpu"))
    assert boxes.shape == (3, 16, 4)
    assert boxes.min() >= 0 and boxes.max() <= 1
    assert (boxes[..., :2] <= centres).all() and (boxes[..., 2:] >= centres).all()


def test_distances_are_softplus_of_the_layers_minus_two():
    head = BoxHead(8, (1, 1))
    with torch.no_grad():
        head.layers[2].weight.zero_()
        head.layers[2].bias.copy_(torch.tensor([0.0, 1.0, 2.0, 3.0]))
    sides = torch.nn.functional.softplus(torch.tensor([-2.0, -1.0, 0.0, 1.0]))
    expected = torch.cat([0.5 - sides[:2], 0.5 + sides[2:]]).clamp(0, 1)
    assert torch.allclose(head(torch.randn(1, 1, 8))[0, 0], expected)


def test_a_smaller_picture_has_a_smaller_square_grid():
    head = BoxHead(8, (8, 8))
    assert head(torch.randn(2, 36, 8)).shape == (2, 36, 4)
    assert head.centres(36, torch.device("cpu"))[-1].tolist() == pytest.approx([11 / 12, 11 / 12])


def test_training_heads_have_one_class_more_for_no_object():
    heads = TrainingHeads(8, categories=5, sketch_side=12)
    assert heads.classify(torch.randn(3, 8)).shape == (3, 6)
    assert heads.reconstruction(torch.randn(3, 8)).shape == (3, 12, 12)
    assert heads.focus.shape == (2,) and heads.focus.requires_grad


def test_the_teacher_head_maps_level_by_level():
    torch.manual_seed(0)
    head = TeacherHead((4, 6), (10, 12))
    fine, coarse = torch.randn(2, 4, 8, 8), torch.randn(2, 6, 4, 4)
    predicted = head((fine, coarse))
    assert [part.shape for part in predicted] == [(2, 10, 8, 8), (2, 12, 4, 4)]
    expected = torch.einsum("oi,bihw->bohw", head.levels[0].weight[:, :, 0, 0], fine)
    assert torch.allclose(predicted[0], expected + head.levels[0].bias[:, None, None], atol=1e-6)


def test_the_teacher_head_refuses_another_number_of_levels():
    with pytest.raises(ValueError, match="zip"):
        TeacherHead((4,), (10, 12))
