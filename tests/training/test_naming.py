"""The naming head: learns apart vectors, is no surer than it may be, and leaves the model as it was."""

import numpy as np
import pytest
import torch

from stnet.data.categories import load_split
from stnet.data.drawings.drawings import Drawings
from stnet.model.modeling import STNetModel
from stnet.training.naming import (
    be_as_sure_as_right,
    encode_drawings,
    learn_names,
    names_to_learn,
    with_naming_head,
)
from tests.training.shapes import tiny_model

STROKE = [np.array([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], np.float32)]


def clusters(spread):
    """Two hundred vectors of each of four names around its own centre, far from 0."""
    generator = torch.Generator().manual_seed(0)
    centres = torch.eye(4, 8) * 3 + 10
    labels = torch.arange(4).repeat_interleave(200)
    return centres[labels] + spread * torch.randn(800, 8, generator=generator), labels


def test_it_learns_to_tell_names_apart():
    vectors, labels = clusters(spread=0.5)
    head = learn_names(vectors, labels, 4)
    assert (head(vectors).argmax(-1) == labels).float().mean() > 0.99


def test_it_is_about_as_sure_as_it_is_right():
    vectors, labels = clusters(spread=3.0)
    head = learn_names(vectors, labels, 4)
    with torch.no_grad():
        head.weight.mul_(8)
        head.bias.mul_(8)
    assert head(vectors).softmax(-1).max(-1).values.mean() > 0.9
    be_as_sure_as_right(head, vectors, labels)
    chances = head(vectors).softmax(-1)
    right = (chances.argmax(-1) == labels).float().mean().item()
    assert 0.4 < right < 0.9
    assert chances.max(-1).values.mean().item() == pytest.approx(right, abs=0.08)


def test_unseen_things_are_no_names():
    split = load_split()
    unseen = next(name for category in split.unseen for name in split.drawings.get(category, ()))
    named = {(name, "strokes", False): [STROKE] for name in ("cat", "yoga", unseen)}
    assert names_to_learn(Drawings(named, mapping={})) == ["cat", "yoga"]


def test_the_model_keeps_its_vectors_and_saves_its_head(tmp_path):
    model, processor = tiny_model()
    model.eval()
    drawings = Drawings({(name, "strokes", False): [STROKE] for name in ("cat", "yoga")}, mapping={})
    vectors, labels = encode_drawings(model, processor, drawings, ["cat", "yoga"], each=3)
    assert vectors.shape == (6, model.config.projection_dim) and labels.tolist() == [0, 0, 0, 1, 1, 1]
    drawn_ones, _ = encode_drawings(model, processor, drawings, ["cat", "yoga", "owl"], 1)
    assert len(drawn_ones) == 2  # nobody drew an owl
    head = torch.nn.Linear(vectors.shape[1], 2)
    with_naming_head(model, ["cat", "yoga"], head).save_pretrained(tmp_path)
    again = STNetModel.from_pretrained(tmp_path)
    assert again.config.drawn_names == ["cat", "yoga"]
    with torch.no_grad():
        assert torch.allclose(again.name_sketch(vectors), head(vectors).softmax(-1))
        ink = torch.rand(1, model.config.sketch_config.num_channels, 32, 32)
        assert torch.allclose(again.eval().encode_sketch(ink), model.encode_sketch(ink))
