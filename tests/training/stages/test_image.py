"""The image stage: patches learn names and boxes, with a teacher or without."""

import pytest

from tests.training.stages.building import image_stage, only_batch, with_gradient
from tests.training.teachers import teacher_file


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    return teacher_file(tmp_path_factory.mktemp("teacher"))


def test_the_image_stage_trains_the_image_tower_alone(tmp_path, teacher):
    stage = image_stage(tmp_path, str(teacher)).train()
    losses = stage(only_batch(stage))
    assert set(losses) == {"teacher", "dense", "box", "dense_accuracy"}
    # two levels of 1 - cosine, each once by position and half once pooled: about 3 for random weights
    assert 2 < losses["teacher"].item() < 4
    (losses["teacher"] + losses["dense"] + losses["box"]).backward()
    learning = with_gradient(stage)
    parts = {name.split(".")[1] for name in learning if name.startswith("model.")}
    assert parts == {"image_tower", "image_projection", "box_head"}
    assert "distillation.head.levels.0.weight" in learning
    assert not any(name.startswith("distillation.teacher") for name in learning)


def test_the_image_stage_learns_from_patch_labels_without_a_teacher(tmp_path):
    stage = image_stage(tmp_path, None, weights={"dense": 1.0}).train()
    losses = stage(only_batch(stage))
    assert set(losses) == {"dense", "box", "dense_accuracy"}
    losses["dense"].backward()
    learning = with_gradient(stage)
    assert "heads.classify.weight" in learning
    assert any(name.startswith("model.image_tower.") for name in learning)
