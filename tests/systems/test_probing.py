"""A probe tells networks apart, and not the same ones with their batch norms folded."""

import copy

import pytest
import torch

from stnet.model.towers.folding import fold_batch_norms
from stnet.systems.concat.system import BackboneEncoder
from stnet.systems.probing import check_probe, write_probe


def test_the_same_networks_pass_and_others_are_refused(plain_pool, tmp_path):
    model = plain_pool.model
    write_probe(tmp_path, BackboneEncoder(model), model)
    check_probe(tmp_path, BackboneEncoder(model), model)
    folded = copy.deepcopy(model).eval()
    fold_batch_norms(folded.image_tower)
    check_probe(tmp_path, BackboneEncoder(folded), folded)
    other = copy.deepcopy(model)
    with torch.no_grad():
        for weights in other.image_tower.backbone.parameters():
            weights.mul_(1.1)
    with pytest.raises(ValueError, match="was trained on what other networks see"):
        check_probe(tmp_path, BackboneEncoder(other), other)


def test_a_folder_without_a_probe_is_refused(plain_pool, tmp_path):
    with pytest.raises(ValueError, match="doesn't say what it was trained on"):
        check_probe(tmp_path, BackboneEncoder(plain_pool.model), plain_pool.model)
