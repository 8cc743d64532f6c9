"""The joint stage on shapes: its losses, who learns from them, and a checkpoint at the end."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import load_photos
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import score
from stnet.training.batches.labels import COVERED
from stnet.training.loop import Trainer
from tests.training.shapes import write_photos
from tests.training.shared_batches import rows_of
from tests.training.stages.building import JOINT_LOSSES, joint_stage, only_batch, with_gradient
from tests.training.teachers import teacher_file


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    return teacher_file(tmp_path_factory.mktemp("teacher"))


def test_the_joint_stage_has_all_losses_and_all_towers_learn(tmp_path):
    stage = joint_stage(tmp_path).train()
    losses = stage(only_batch(stage))
    assert set(losses) == JOINT_LOSSES | {"first", "pointing", "sketch_accuracy", "dense_accuracy"}
    assert all(torch.isfinite(value) for value in losses.values())
    assert all(losses[name] > 0 for name in JOINT_LOSSES)
    torch.stack([losses[name] for name in JOINT_LOSSES]).sum().backward()
    learning = with_gradient(stage)
    for tower in ("image_tower", "sketch_tower", "text_tower"):
        assert any(name.startswith(f"model.{tower}.") for name in learning)
    assert {
        "model.neutral_sketch",
        "model.neutral_text",
        "model.log_temperature",
        "model.logit_scale",
        "model.image_projection.weight",
        "model.sketch_projection.weight",
        "model.text_projection.weight",
        "model.box_head.layers.2.weight",
        "heads.classify.weight",
        "heads.focus",
        "heads.reconstruct.0.weight",
    } <= learning


def test_smoothed_labels_reach_every_contrastive_loss(tmp_path):
    stage = joint_stage(tmp_path).eval()
    batch = only_batch(stage)
    with torch.no_grad():
        plain = stage(batch)
        stage.config = replace(stage.config, label_smoothing=0.2)
        smooth = stage(batch)
    changed = {name for name in plain if not torch.allclose(plain[name], smooth[name], equal_nan=True)}
    assert {"contrastive", "sketch", "words", "candidates"} <= changed
    assert changed <= {"contrastive", "sketch", "words", "candidates", "captions"}


def test_the_joint_losses_see_what_search_computes(tmp_path):
    """The share of queries whose own picture comes first, by the score that search uses."""
    stage = joint_stage(tmp_path, batch_size=6).eval()
    batch = only_batch(stage)
    model, processor = stage.model, stage.processor
    with torch.no_grad():
        for projection in (model.image_projection, model.sketch_projection, model.text_projection):
            projection.weight.normal_()
        first = stage(batch)["first"]
        vectors = model.encode_query(processor.sketch_batch(batch.ink), batch.input_ids, batch.attention_mask)
        patches = model.encode_image(processor.image_batch(batch.pictures.images))
        best = [
            score(sketch, query, patches, model.temperature).score.argmax()
            for sketch, query in zip(vectors.sketch, vectors.query, strict=True)
        ]
    assert first.item() == pytest.approx((torch.stack(best) == batch.query_image).float().mean().item())


def test_perfect_features_cost_almost_nothing(tmp_path):
    """With attention where the object is, the detection losses fall to what is unavoidable."""
    stage = joint_stage(tmp_path).eval()
    batch = only_batch(stage)
    categories = batch.pictures.object_category[batch.query_image, batch.query_object]
    patches = torch.zeros(4, 16, 16)
    for row in range(4):
        for number, category in enumerate(batch.pictures.object_category[row].tolist()):
            if category >= 0:
                patches[row, :, category] += batch.pictures.coverage[row, number] * 60
    sketch = torch.nn.functional.one_hot(categories, 16).float() * 4
    attention = (torch.einsum("qd,npd->qnp", sketch, patches) / 4).softmax(-1)
    with torch.no_grad():
        good = stage.detection_losses(batch, patches, sketch, attention)
        bad = stage.detection_losses(batch, patches.flip(1), sketch, attention.flip(2))
    same = batch.pictures.object_category[batch.query_image] == categories[:, None]
    shown = (batch.pictures.coverage[batch.query_image] * same[..., None]).sum(1)
    large_enough = (shown.amax(1) >= COVERED).float().mean()  # some objects cover no patch by a third
    assert good["pointing"] == large_enough > bad["pointing"]
    assert good["focus"] < 0.5 * bad["focus"] and good["attention"] < 0.5 * bad["attention"]


def test_an_object_that_nobody_has_boxed_is_neither_hit_nor_missed(tmp_path):
    stage = joint_stage(tmp_path).eval()
    with torch.no_grad():
        stage.model.sketch_projection.weight.normal_()
    batch = only_batch(stage)
    hidden = batch.pictures.object_category == batch.pictures.object_category[0, 0]
    others = ~hidden[batch.query_image, batch.query_object]
    assert others.any() and not others.all()

    def detection(batch):
        with torch.no_grad():
            patches = stage.model.encode_image(stage.processor.image_batch(batch.pictures.images))
            sketch = stage.model.encode_sketch(stage.processor.sketch_batch(batch.ink))
            logits = torch.einsum("qd,npd->qnp", sketch, patches) / stage.model.temperature
            own = logits.softmax(-1)
            return stage.detection_losses(batch, patches, sketch, own)

    pictures = replace(
        batch.pictures,
        placed=batch.pictures.placed & ~hidden,
        coverage=batch.pictures.coverage * ~hidden[..., None],
        object_box=batch.pictures.object_box * ~hidden[..., None],
    )
    unboxed = replace(batch, pictures=pictures)
    found, expected = detection(unboxed), detection(rows_of(unboxed, others))
    for name in ("attention", "box", "pointing"):
        assert torch.allclose(found[name], expected[name]), name
    claimed_absent = detection(replace(batch, pictures=replace(pictures, placed=batch.pictures.placed)))
    assert claimed_absent["focus"] > found["focus"]  # it would have counted as missing where it is
    nothing = replace(pictures, placed=pictures.placed & False, coverage=pictures.coverage * 0)
    nowhere = detection(replace(batch, pictures=nothing))
    assert nowhere["attention"] == nowhere["box"] == 0 and torch.isnan(nowhere["pointing"])


def test_a_query_without_words_is_neutral_and_wants_any_such_object(tmp_path):
    stage = joint_stage(tmp_path).eval()
    batch = only_batch(stage)
    batch.has_text[:] = False
    with torch.no_grad():
        silent = stage(batch)
        other = replace(batch, input_ids=torch.ones_like(batch.input_ids))  # nobody listens
        assert torch.equal(stage(other)["contrastive"], silent["contrastive"])
    assert torch.allclose(silent["contrastive"], silent["sketch"])  # the same question in both
    assert silent["words"] == 0 and torch.isnan(silent["first"])


def test_a_picture_that_the_words_fit_as_well_is_no_wrong_answer(tmp_path):
    stage = joint_stage(tmp_path).eval()
    batch = only_batch(stage)
    queries = torch.arange(len(batch.query_image))
    assert batch.answers[queries, batch.query_image].all()
    everything = torch.ones_like(batch.answers)
    with torch.no_grad():
        losses = stage(batch)
        for name, changed in (("answers", {"contrastive", "candidates"}), ("described", {"words"})):
            other = stage(replace(batch, **{name: everything}))
            different = {key for key in losses if not torch.allclose(losses[key], other[key], equal_nan=True)}
            assert different == changed


def test_a_short_joint_run_learns_and_its_checkpoint_answers(tmp_path):
    weights = {"dense": 1.0, "classification": 1.0, "box": 1.0, "contrastive": 1.0, "focus": 1.0}
    changes = {"steps": 14, "log_every": 7, "batch_size": 6, "learning_rate": 0.01, "weights": weights}
    stage = joint_stage(tmp_path, image_sizes=[[0.0, 32], [0.5, 64]], **changes)
    Trainer(stage, stage.config).run()
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [7, 14]
    assert all(math.isfinite(row[name]) for row in rows for name in JOINT_LOSSES)
    assert rows[1]["loss"] < rows[0]["loss"]
    model, processor = STNetModel.from_pretrained(tmp_path), STNetProcessor.from_pretrained(tmp_path)
    batch = only_batch(stage)
    with torch.no_grad():
        output = model(
            processor.image_batch(batch.pictures.images), processor.sketch_batch(batch.ink), batch.input_ids
        )
    assert torch.isfinite(output.scores).all()
    assert not any(name.startswith(("heads", "distillation")) for name in model.state_dict())


def test_photos_take_part(tmp_path, teacher):
    photos = load_photos(write_photos(tmp_path / "photos"))
    strokes = [np.array([[0, 0], [9, 0], [9, 9], [0, 9]], np.float32)]
    drawings = Drawings({("parcel", "strokes", False): [strokes]}, mapping={})
    stage = joint_stage(tmp_path, photos, drawings, photo_share=0.5, teacher=str(teacher)).train()
    batch = only_batch(stage)
    assert not batch.has_text.all()
    losses = stage(batch)
    assert set(losses) >= JOINT_LOSSES | {"teacher"}
    assert all(torch.isfinite(losses[name]) for name in JOINT_LOSSES | {"teacher"})


def test_drawings_are_encoded_in_even_numbers_and_lose_none(tmp_path):
    stage = joint_stage(tmp_path).eval()
    batch, seen, encoded = only_batch(stage), [], []
    stage.model.sketch_tower.register_forward_pre_hook(lambda _, given: seen.append(len(given[0])))
    stage.model.sketch_projection.register_forward_hook(lambda *given: encoded.append(given[-1]))
    with torch.no_grad():
        stage(batch)
        own = stage.model.encode_sketch(stage.processor.sketch_batch(batch.ink))
    assert seen == [64, len(batch.ink)]
    assert torch.allclose(encoded[0][: len(batch.ink)], own, atol=1e-5)
