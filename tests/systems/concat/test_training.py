"""Training on the shared pool: the loss is that of the batch's queries, it falls, and the pool stays."""

import json

import numpy as np
import pytest
import torch

from stnet.systems.concat.network import ConcatNetwork
from stnet.systems.concat.soft_triplet import soft_triplet
from stnet.systems.concat.system import sizes_of, word_embeddings
from stnet.systems.concat.training import (
    ConcatCropsObjective,
    ConcatObjective,
    crop_answers,
    same_crop,
    train_concat,
)
from stnet.systems.shared.learning import Schedule

SCHEDULE = Schedule(passes=6, learning_rate=3e-3)


def test_the_loss_is_that_of_the_batch(shared_pool):
    network, features = ConcatNetwork(sizes_of(shared_pool.model, 8)).eval(), shared_pool.features
    batch = next(
        batch for number in range(len(shared_pool)) if not (batch := shared_pool.batch(number)).has_text.all()
    )  # photos are asked for by drawings alone
    assert batch.has_text.any()
    _, coarse = features.maps(batch.pictures.rows)
    targets = network.targets(coarse.mean((2, 3)))
    similarity, positives = [], []
    for row in range(len(batch.query_image)):
        drawn = features.sketches(batch.sketch_rows[row : row + 1])
        text = network.no_words(1)
        if batch.has_text[row]:
            text = network.read(batch.input_ids[row : row + 1], batch.attention_mask[row : row + 1])
            positives.append(batch.answers[row])
        else:
            positives.append((batch.pictures.object_category == batch.category[row]).any(-1))
        similarity.append(network.similarity(network.query(drawn, text), targets)[0])
    found = ConcatObjective(network, features)(batch)
    expected = soft_triplet(torch.stack(similarity), torch.stack(positives))
    assert found["loss"].item() == pytest.approx(expected.item(), rel=1e-3)
    own = [bool(row.argmax() == image) for row, image in zip(similarity, batch.query_image, strict=True)]
    share = np.mean([hit for hit, worded in zip(own, batch.has_text, strict=True) if worded])
    assert found["first"].item() == pytest.approx(share)


def test_it_learns_and_leaves_the_pool_as_it_was(shared_pool, tmp_path):
    before = {name: value.clone() for name, value in shared_pool.model.state_dict().items()}
    network = train_concat(shared_pool, SCHEDULE, 8, 0, tmp_path)
    assert all(torch.equal(before[name], value) for name, value in shared_pool.model.state_dict().items())
    assert not network.training
    assert not torch.equal(network.words.weight, word_embeddings(shared_pool.model).weight)
    batch, fresh = shared_pool.batch(0), ConcatNetwork(sizes_of(shared_pool.model, 8)).eval()
    with torch.no_grad():
        trained, untrained = (
            ConcatObjective(one, shared_pool.features)(batch)["loss"] for one in (network, fresh)
        )
    assert trained < untrained
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [20, 36]
    read = ConcatNetwork.load(tmp_path)
    assert torch.equal(read.words.weight, network.words.weight)


def test_a_seed_gives_the_same_weights_and_another_seed_others(shared_pool, tmp_path):
    one, same, other = (
        train_concat(shared_pool, Schedule(), 8, seed, tmp_path).state_dict() for seed in (0, 0, 1)
    )
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["sketch.weight"], other["sketch.weight"])


def random_crops(shared_pool):
    random = np.random.default_rng(1)
    return random.normal(size=(len(shared_pool.features.coarse), 8, 1280)).astype(np.float16)


def test_crops_answer_by_category_and_words(shared_pool):
    for number in range(len(shared_pool)):
        batch = shared_pool.batch(number)
        right, same = crop_answers(batch), same_crop(batch)
        for query in range(len(batch.query_image)):
            for other in range(len(batch.query_image)):
                image = batch.query_image[other]
                own = (
                    image == batch.query_image[query]
                    and batch.query_object[other] == batch.query_object[query]
                )
                alike = batch.category[query] == batch.category[other]
                true = bool(batch.answers[query, image]) or not batch.has_text[query]
                assert bool(same[query, other]) == bool(own)
                assert bool(right[query, other]) == bool(own or (alike and true))


def test_a_query_s_target_is_the_crop_that_it_asks_for(shared_pool):
    network, crops = ConcatNetwork(sizes_of(shared_pool.model, 8)).eval(), random_crops(shared_pool)
    batch = shared_pool.batch(0)
    text = network.read(batch.input_ids, batch.attention_mask)
    text = torch.where(batch.has_text[:, None], text, network.no_words(len(text)))
    queries = network.query(shared_pool.features.sketches(batch.sketch_rows), text)
    vectors = [
        torch.from_numpy(crops[batch.pictures.rows[image], thing]).float()
        for image, thing in zip(batch.query_image, batch.query_object, strict=True)
    ]
    similarity = network.similarity(queries, network.targets(torch.stack(vectors)))
    found = ConcatCropsObjective(network, shared_pool.features, crops)(batch)
    assert found["loss"].item() == pytest.approx(
        soft_triplet(similarity, crop_answers(batch)).item(), rel=1e-5
    )


def test_it_learns_from_crops(shared_pool, tmp_path):
    crops = random_crops(shared_pool)
    network = train_concat(shared_pool, SCHEDULE, 8, 0, tmp_path, crops=crops)
    fresh, batch = ConcatNetwork(sizes_of(shared_pool.model, 8)).eval(), shared_pool.batch(0)
    with torch.no_grad():
        trained, untrained = (
            ConcatCropsObjective(one, shared_pool.features, crops)(batch)["loss"] for one in (network, fresh)
        )
    assert trained < untrained
