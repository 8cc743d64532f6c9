"""Training on the shared pool: the losses are those of the batch, they fall, and the pool stays."""

import pytest
import torch
from torch.nn.functional import cosine_similarity

from stnet.systems.duet.losses import alignment, composition, neutrality, text_to_text
from stnet.systems.duet.network import DuetNetwork
from stnet.systems.duet.system import probe_text, sizes_of
from stnet.systems.duet.text import FrozenText
from stnet.systems.duet.training import LOSSES, DuetObjective, train_duet
from stnet.systems.shared.learning import Schedule
from stnet.training.config import RunError

EACH = dict.fromkeys(LOSSES, 1.0)


@pytest.fixture
def objective(shared_pool):
    torch.manual_seed(0)
    text = FrozenText(shared_pool.model, shared_pool.processor)
    return DuetObjective(DuetNetwork(sizes_of(shared_pool.model)), text, shared_pool, EACH).eval()


@torch.no_grad()
def test_the_losses_are_those_of_the_batch(objective, shared_pool, monkeypatch):
    monkeypatch.setattr("stnet.systems.duet.training.FIXED_PROMPTS", ("a photo of",))
    monkeypatch.setattr("stnet.systems.duet.training.NEUTRAL_TEXTS", ("as it looks",))
    monkeypatch.setattr("stnet.systems.duet.training.SAMPLED", 100)
    network, text, features, batch = (
        objective.network,
        objective.text,
        shared_pool.features,
        shared_pool.batch(0),
    )
    found = objective(batch)
    _, coarse = features.maps(batch.pictures.rows)
    pictures = network.pictures(coarse.mean((2, 3)))
    hinges, rows = [], {"alone": [], "compared": [], "neutral": [], "fixed": []}
    for query, own in enumerate(batch.query_image.tolist()):
        drawn = network.drawings(features.sketches(batch.sketch_rows[query : query + 1]))
        word, gap = network.converter(drawn)[:, None], network.converter(pictures[own] - drawn)[:, None]
        pseudo = torch.cat([network.prompt[None], word], dim=1)
        alone = text.before_words(pseudo, None)
        rows["alone"].append(alone)
        rows["compared"].append(text.before_words(torch.cat([pseudo, gap], dim=1), None))
        rows["neutral"].append(text.before_words(pseudo, ["as it looks"]))
        rows["fixed"].append(text.after_prompt("a photo of", word))
        near = cosine_similarity(alone, pictures)
        hinges += [max(0.0, 0.2 + float(near[n] - near[own])) for n in range(len(pictures)) if n != own]
    alone, compared, neutral, fixed = (torch.cat(rows[name]) for name in rows)
    wanted = pictures[batch.query_image]
    said = features.texts(batch.text_rows[batch.has_text])
    expected = {
        "triplet": torch.tensor(sum(hinges) / len(hinges)),
        "composition": composition(compared, alone, wanted),
        "neutrality": neutrality(neutral, alone, wanted),
        "text_to_text": text_to_text(alone, fixed),
        "alignment": alignment(said, pictures, batch.described[batch.has_text]),
    }
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, rtol=1e-3, atol=1e-5)
    assert found["loss"].item() == pytest.approx(sum(found[name].item() for name in LOSSES), rel=1e-5)


def test_every_part_learns_and_nothing_frozen(objective, shared_pool):
    objective(shared_pool.batch(0))["loss"].backward()
    assert [name for name, part in objective.named_parameters() if part.grad is None] == []
    assert objective.network.prompt.grad.abs().sum(1).gt(0).all()
    assert objective.network.converter[0].weight.grad.abs().sum() > 0
    assert all(part.grad is None for part in shared_pool.model.parameters())


def test_without_captions_words_are_not_read(objective, shared_pool):
    objective.weights = {name: 1.0 for name in LOSSES if name != "alignment"}
    batch = shared_pool.batch(0)
    torch.manual_seed(1)
    loss = objective(batch)["loss"]
    texts = shared_pool.features.said.copy()
    try:
        shared_pool.features.said = -texts
        torch.manual_seed(1)
        assert torch.equal(objective(batch)["loss"], loss)
    finally:
        shared_pool.features.said = texts


def test_it_learns_leaves_the_pool_and_repeats_itself(shared_pool, tmp_path):
    before = {name: value.clone() for name, value in shared_pool.model.state_dict().items()}
    schedule, weights = Schedule(passes=3, learning_rate=3e-3), {"triplet": 1.0, "region": 1.0}
    one, same, other = (train_duet(shared_pool, schedule, weights, seed, tmp_path) for seed in (0, 0, 1))
    assert all(torch.equal(before[name], value) for name, value in shared_pool.model.state_dict().items())
    assert all(torch.equal(value, same.state_dict()[name]) for name, value in one.state_dict().items())
    assert not torch.equal(one.prompt, other.prompt)
    assert torch.equal(DuetNetwork.load(tmp_path).prompt, other.prompt)
    text = FrozenText(shared_pool.model, shared_pool.processor)
    torch.testing.assert_close(one.text_probe, probe_text(text))
    torch.manual_seed(0)
    fresh = DuetNetwork(sizes_of(shared_pool.model))
    with torch.no_grad():
        untrained, trained = (
            float(DuetObjective(network, text, shared_pool, weights).eval()(shared_pool.batch(0))["loss"])
            for network in (fresh, one)
        )
    assert trained < untrained


@pytest.mark.parametrize(("weights", "message"), [({}, "name no losses"), ({"rec": 1.0}, r"name \['rec'\]")])
def test_weights_must_name_losses(shared_pool, tmp_path, weights, message):
    with pytest.raises(RunError, match=message):
        train_duet(shared_pool, Schedule(), weights, 0, tmp_path)
