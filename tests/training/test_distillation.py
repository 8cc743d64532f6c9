"""The teacher reads its file as written, and only fits a convolutional tower."""

import numpy as np
import pytest
import torch

from stnet.training.config import RunError
from stnet.training.distillation import MobileNetTeacher, distillation, encode_with_teacher
from tests.training.shapes import tiny_model
from tests.training.teachers import teacher_file


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    return teacher_file(tmp_path_factory.mktemp("teacher"))


def test_the_teacher_folds_its_batch_norms(teacher):
    """Its first layer, computed as written: convolution, batch norm, ReLU6."""
    folded = MobileNetTeacher(teacher)
    with np.load(teacher) as file:
        arrays = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files}
    pixels = torch.rand(1, 3, 32, 32)
    plain = torch.nn.functional.conv2d(
        pixels * 2 - 1, arrays["conv1/kernel"].permute(3, 2, 0, 1), stride=2, padding=1
    )
    norm = [arrays[f"conv1_bn/{part}"] for part in ("moving_mean", "moving_variance", "gamma", "beta")]
    expected = torch.nn.functional.batch_norm(plain, *norm, eps=1e-3).clamp(0, 6)
    assert torch.allclose(folded.fine[0](pixels * 2 - 1).clamp(0, 6), expected, atol=1e-4)
    fine, coarse = folded(pixels)
    assert fine.shape == (1, 512, 2, 2) and coarse.shape == (1, 1024, 1, 1)
    assert not any(weight.requires_grad for weight in folded.parameters())


def test_features_with_a_teacher_are_those_that_search_computes(teacher):
    model, processor = tiny_model()
    model.eval()
    images = torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8)
    with torch.no_grad():
        model.image_projection.weight.normal_()
        plain, none = encode_with_teacher(model, processor, images, None)
        taught, losses = encode_with_teacher(
            model, processor, images, distillation(str(teacher), model.image_tower)
        )
    assert none == {} and set(losses) == {"teacher"} and losses["teacher"] > 0
    assert torch.allclose(plain, taught, atol=1e-5)


def test_a_teacher_needs_a_convolutional_tower(teacher):
    tower = tiny_model()[0].text_tower
    assert distillation(None, tower) is None
    with pytest.raises(RunError, match="a teacher needs a PatchConvNet image tower"):
        distillation(str(teacher), tower)
