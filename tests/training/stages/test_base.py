"""What every stage has: frozen parts, pictures that grow, batches of its own."""

import pytest
import torch

from stnet.training.config import RunError
from tests.training.shapes import tensors
from tests.training.stages.building import joint_stage, only_batch, sketch_stage, with_gradient


def test_frozen_parts_keep_their_weights(tmp_path):
    stage = joint_stage(tmp_path).train()
    stage.freeze(["text_tower", "image_projection", "classifier"])
    stage(only_batch(stage))["contrastive"].backward()
    assert not any(
        name.startswith(("model.text_tower", "model.image_projection", "heads.classify"))
        for name in with_gradient(stage)
    )
    with pytest.raises(RunError, match="frozen: the model has no part 'ears'"):
        stage.freeze(["ears"])


def test_pictures_grow_with_progress(tmp_path):
    stage = joint_stage(tmp_path, image_sizes=[[0.0, 32], [0.5, 64]])
    for progress, size in ((0.0, 32), (0.4, 32), (0.5, 64)):
        stage.set_progress(progress)
        assert only_batch(stage).pictures.images.shape[1] == size
    sketch_stage(tmp_path).set_progress(0.5)  # sketches have one size


def test_a_run_has_batches_of_its_own_and_each_process_others(tmp_path):
    def first_of(seed, process, number=0):
        stage = sketch_stage(tmp_path, batch_size=4, seed=seed)
        return tensors(next(iter(stage.batches(process, number))))

    same, again = first_of(1, 0), first_of(1, 0)
    assert all(torch.equal(a, b) for a, b in zip(same, again, strict=True))
    for other in (first_of(2, 0), first_of(1, 1), first_of(1, 0, number=1)):
        assert not torch.equal(same[0], other[0])
