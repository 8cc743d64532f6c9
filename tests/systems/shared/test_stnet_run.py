"""STNET as a trained system: a checkpoint that loads, searches and names drawings."""

import torch

from stnet.checkpoint import load_model
from stnet.systems.registry import build_system
from stnet.systems.shared.learning import Schedule
from stnet.systems.shared.stnet_run import train_stnet


def test_the_run_is_a_checkpoint_of_all_systems_over_its_towers(shared_pool, tmp_path):
    trained = train_stnet(shared_pool, Schedule(), {"contrastive": 1.0, "sketch": 0.3}, 4, tmp_path)
    loaded = load_model(tmp_path, torch.device("cpu"))
    assert loaded.model.config.drawn_names == ["cloud", "parcel"] == trained.config.drawn_names
    torch.testing.assert_close(loaded.model.image_projection.weight, trained.image_projection.weight)
    build_system("two-stage", loaded)
    names = [(name, row) for name, rows in shared_pool.names.items() for row in rows]
    with torch.no_grad():
        rows = torch.tensor([row for _, row in names])
        drawn = trained.sketch_projection(shared_pool.features.sketches(rows))
        likeliest = trained.name_sketch(drawn).argmax(-1).tolist()
    assert [trained.config.drawn_names[number] for number in likeliest] == [name for name, _ in names]
