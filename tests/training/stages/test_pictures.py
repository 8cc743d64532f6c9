"""What the stages that see pictures share."""

import torch

from tests.training.stages.building import joint_stage, only_batch


def test_without_a_teacher_pictures_are_encoded_and_nothing_else(tmp_path):
    stage = joint_stage(tmp_path).eval()
    images = only_batch(stage).pictures.images
    patches, losses = stage.encode(images)
    assert losses == {}
    assert torch.equal(patches, stage.model.encode_image(stage.processor.image_batch(images)))


def test_no_object_counts_less_than_any_object(tmp_path):
    weights = joint_stage(tmp_path).class_weight
    assert len(weights) == len(joint_stage(tmp_path).model.config.categories) + 1
    assert weights[:-1].unique().tolist() == [1.0] and 0 < weights[-1] < 1
