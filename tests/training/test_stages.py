"""The three stages on shapes: their losses, who learns from them, and a checkpoint at the end."""

import json
import math

import numpy as np
import pytest
import torch

from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.photos import load_photos
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.scoring import score
from stnet.training.batches.examples import PictureSource
from stnet.training.batches.labels import COVERED
from stnet.training.batches.queries import QuerySource
from stnet.training.config import RunError
from stnet.training.distillation import MobileNetTeacher
from stnet.training.loop import Trainer
from stnet.training.stages.image import ImageStage
from stnet.training.stages.joint import JointStage
from stnet.training.stages.sketch import ANYTHING, PHOTOGRAPHED, SketchSource, SketchStage
from stnet.training.start import freeze, load_heads
from tests.training.shapes import BANK, SPLIT, example_source, run_config, tiny_model, write_photos

JOINT_LOSSES = {
    "contrastive",
    "sketch",
    "words",
    "candidates",
    "focus",
    "attention",
    "box",
    "classification",
    "reconstruction",
    "dense",
}


def teacher_file(folder):
    """MobileNet's weights by TensorFlow's names, random and small."""
    random = np.random.default_rng(0)
    channels = [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024]
    arrays = {"conv1/kernel": random.normal(0, 0.2, (3, 3, 3, 32))}
    norms = {"conv1": 32}
    for number in range(1, 13):
        inputs, outputs = channels[number - 1], channels[number]
        arrays[f"conv_dw_{number}/depthwise_kernel"] = random.normal(0, 0.3, (3, 3, inputs, 1))
        arrays[f"conv_pw_{number}/kernel"] = random.normal(0, inputs**-0.5, (1, 1, inputs, outputs))
        norms |= {f"conv_dw_{number}": inputs, f"conv_pw_{number}": outputs}
    for name, width in norms.items():
        arrays[f"{name}_bn/gamma"] = random.uniform(0.5, 1.5, width)
        arrays[f"{name}_bn/beta"] = random.normal(0, 0.1, width)
        arrays[f"{name}_bn/moving_mean"] = random.normal(0, 0.1, width)
        arrays[f"{name}_bn/moving_variance"] = random.uniform(0.5, 1.5, width)
    np.savez(folder / "teacher.npz", **{name: value.astype(np.float16) for name, value in arrays.items()})
    return folder / "teacher.npz"


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    return teacher_file(tmp_path_factory.mktemp("teacher"))


def joint_stage(folder, photos=(), drawings=None, **changes):
    weights = dict.fromkeys(sorted(JOINT_LOSSES), 1.0)
    config = run_config(folder, **{"weights": weights, "learning_rate": 0.003, **changes})
    source = example_source(photos)
    model, processor = tiny_model(list(source.ids))
    queries = QuerySource(source, Sketcher(drawings), drawings, processor, config)
    return JointStage(model, processor, config, queries)


def only_batch(stage, seed=0):
    return stage.source.make(np.random.default_rng(seed))


def with_gradient(module):
    return {
        name for name, weight in module.named_parameters() if weight.grad is not None and weight.grad.any()
    }


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


def test_the_joint_losses_see_what_search_computes(tmp_path):
    """The share of queries whose own picture comes first, by the score that search uses."""
    stage = joint_stage(tmp_path, batch_size=6).eval()
    batch = only_batch(stage)
    model, processor = stage.model, stage.processor
    with torch.no_grad():
        for projection in (model.image_projection, model.sketch_projection, model.text_projection):
            projection.weight.normal_()
        first = stage(batch)["first"]
        vectors = model.encode_query(
            processor.sketch_batch(batch["ink"]), batch["input_ids"], batch["attention_mask"]
        )
        patches = model.encode_image(processor.image_batch(batch["images"]))
        best = [
            score(sketch, query, patches, model.temperature).score.argmax()
            for sketch, query in zip(vectors.sketch, vectors.query, strict=True)
        ]
    assert first.item() == pytest.approx((torch.stack(best) == batch["query_image"]).float().mean().item())


def test_perfect_features_cost_almost_nothing(tmp_path):
    """With attention where the object is, the detection losses fall to what is unavoidable."""
    stage = joint_stage(tmp_path).eval()
    batch = only_batch(stage)
    categories = batch["object_category"][batch["query_image"], batch["query_object"]]
    patches = torch.zeros(4, 16, 16)
    for row in range(4):
        for number, category in enumerate(batch["object_category"][row].tolist()):
            if category >= 0:
                patches[row, :, category] += batch["coverage"][row, number] * 60
    sketch = torch.nn.functional.one_hot(categories, 16).float() * 4
    attention = (torch.einsum("qd,npd->qnp", sketch, patches) / 4).softmax(-1)
    with torch.no_grad():
        good = stage._detection_losses(batch, patches, sketch, attention)
        bad = stage._detection_losses(batch, patches.flip(1), sketch, attention.flip(2))
    same = batch["object_category"][batch["query_image"]] == categories[:, None]
    shown = (batch["coverage"][batch["query_image"]] * same[..., None]).sum(1)
    large_enough = (shown.amax(1) >= COVERED).float().mean()  # some objects cover no patch by a third
    assert good["pointing"] == large_enough > bad["pointing"]
    assert good["focus"] < 0.5 * bad["focus"] and good["attention"] < 0.5 * bad["attention"]


def test_an_object_that_nobody_has_boxed_is_neither_hit_nor_missed(tmp_path):
    stage = joint_stage(tmp_path).eval()
    with torch.no_grad():
        stage.model.sketch_projection.weight.normal_()
    batch = only_batch(stage)
    hidden = batch["object_category"] == batch["object_category"][0, 0]
    others = ~hidden[batch["query_image"], batch["query_object"]]
    assert others.any() and not others.all()

    def detection(batch):
        with torch.no_grad():
            patches = stage.model.encode_image(stage.processor.image_batch(batch["images"]))
            sketch = stage.model.encode_sketch(stage.processor.sketch_batch(batch["ink"]))
            logits = torch.einsum("qd,npd->qnp", sketch, patches) / stage.model.temperature
            own = logits.softmax(-1)
            return stage._detection_losses(batch, patches, sketch, own)

    unboxed = batch | {
        "placed": batch["placed"] & ~hidden,
        "coverage": batch["coverage"] * ~hidden[..., None],
        "object_box": batch["object_box"] * ~hidden[..., None],
    }
    only_others = unboxed | {
        name: batch[name][others] for name in ("ink", "query_image", "query_object", "input_ids", "has_text")
    }
    found, expected = detection(unboxed), detection(only_others)
    for name in ("attention", "box", "pointing"):
        assert torch.allclose(found[name], expected[name]), name
    claimed_absent = detection(unboxed | {"placed": batch["placed"]})
    assert claimed_absent["focus"] > found["focus"]  # it would have counted as missing where it is
    nothing = unboxed | {"placed": batch["placed"] & False, "coverage": batch["coverage"] * 0}
    nowhere = detection(nothing)
    assert nowhere["attention"] == nowhere["box"] == 0 and torch.isnan(nowhere["pointing"])


def test_a_query_without_words_is_neutral_and_wants_any_such_object(tmp_path):
    stage = joint_stage(tmp_path).eval()
    batch = only_batch(stage)
    batch["has_text"][:] = False
    with torch.no_grad():
        silent = stage(batch)
        batch["input_ids"] = torch.ones_like(batch["input_ids"])  # other words: nobody listens
        assert torch.equal(stage(batch)["contrastive"], silent["contrastive"])
    assert torch.allclose(silent["contrastive"], silent["sketch"])  # the same question in both
    assert silent["words"] == 0 and torch.isnan(silent["first"])


def test_a_picture_that_the_words_fit_as_well_is_no_wrong_answer(tmp_path):
    stage = joint_stage(tmp_path).eval()
    batch = only_batch(stage)
    queries = torch.arange(len(batch["query_image"]))
    assert batch["answers"][queries, batch["query_image"]].all()
    everything = torch.ones_like(batch["answers"])
    with torch.no_grad():
        losses = stage(batch)
        for name, changed in (("answers", {"contrastive", "candidates"}), ("described", {"words"})):
            other = stage(batch | {name: everything})
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
            processor.image_batch(batch["images"]), processor.sketch_batch(batch["ink"]), batch["input_ids"]
        )
    assert torch.isfinite(output.scores).all()
    assert not any(name.startswith(("heads", "distillation")) for name in model.state_dict())


def test_photos_take_part(tmp_path, teacher):
    photos = load_photos(write_photos(tmp_path / "photos"))
    strokes = [np.array([[0, 0], [9, 0], [9, 9], [0, 9]], np.float32)]
    drawings = Drawings({("parcel", "strokes", False): [strokes]}, mapping={})
    stage = joint_stage(tmp_path, photos, drawings, photo_share=0.5, teacher=str(teacher)).train()
    batch = only_batch(stage)
    assert not batch["has_text"].all()
    losses = stage(batch)
    assert set(losses) >= JOINT_LOSSES | {"teacher"}
    assert all(torch.isfinite(losses[name]) for name in JOINT_LOSSES | {"teacher"})


def test_frozen_parts_keep_their_weights(tmp_path):
    stage = joint_stage(tmp_path).train()
    freeze(stage, ["text_tower", "image_projection", "classifier"])
    stage(only_batch(stage))["contrastive"].backward()
    assert not any(
        name.startswith(("model.text_tower", "model.image_projection", "heads.classify"))
        for name in with_gradient(stage)
    )
    with pytest.raises(RunError, match="frozen: the model has no part 'ears'"):
        freeze(stage, ["ears"])


def test_heads_are_kept_beside_a_run_and_start_another(tmp_path):
    first = sketch_stage(tmp_path / "first", batch_size=4, steps=1)
    Trainer(first, first.config).run()
    second = joint_stage(tmp_path / "second")
    load_heads(second, str(tmp_path / "first"))
    for name, value in first.heads.state_dict().items():
        assert torch.equal(second.heads.state_dict()[name], value), name
    with pytest.raises(RunError, match=r"the heads of .* can't be used"):
        load_heads(second, str(tmp_path / "nowhere"))


def sketch_stage(folder, drawings=None, **changes):
    config = run_config(folder, stage="sketch", weights={"classification": 1.0}, **changes)
    model, processor = tiny_model()
    return SketchStage(
        model,
        processor,
        config,
        SketchSource(BANK, drawings, SPLIT, processor, model.config.categories, config.batch_size),
    )


def test_the_sketch_stage_trains_the_sketch_tower_alone(tmp_path):
    stage = sketch_stage(tmp_path, batch_size=8)
    batch = only_batch(stage)
    assert batch["ink"].shape == (8, 32, 32) and batch["ink"].dtype == torch.uint8
    assert ((batch["category"] >= 0) & (batch["category"] < len(SPLIT.seen))).all()
    losses = stage(batch)
    assert losses["classification"].item() == pytest.approx(math.log(len(SPLIT.seen)), rel=0.5)
    losses["classification"].backward()
    learning = with_gradient(stage)
    assert {name.split(".")[1] for name in learning if name.startswith("model.")} == {
        "sketch_tower",
        "sketch_projection",
    }
    assert "heads.classify.weight" in learning and "heads.focus" not in learning


def test_the_sketch_stage_learns_its_shapes(tmp_path):
    stage = sketch_stage(tmp_path, batch_size=16, steps=24, learning_rate=0.01, log_every=8)
    Trainer(stage, stage.config).run()
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["classification"] < rows[0]["classification"] - 0.1


def test_what_else_people_draw_has_classes_of_its_own_and_unseen_things_never_come(tmp_path):
    line = [np.array([[0, 0], [9, 9]], np.float32)]
    named = {"lightning": line, "old clock": line, "gate": line}
    drawings = Drawings({(name, "strokes", False): [strokes] for name, strokes in named.items()}, mapping={})
    split = type(SPLIT)(SPLIT.seen, SPLIT.unseen, drawings={SPLIT.unseen[0]: ("gate",)})
    _, processor = tiny_model()
    categories = [*SPLIT.seen, "old clock"]  # the last one from photos
    source = SketchSource(BANK, drawings, split, processor, categories, 256)
    assert source.anything == ["lightning", "old clock"] and source.extra == 1
    labels = source.make(np.random.default_rng(0))["category"]
    counts = labels.bincount(minlength=len(categories) + 2) / len(labels)
    seen, clock, nothing, lightning = counts[:-3].sum(), *counts[-3:]
    assert nothing == 0 and seen == pytest.approx(1 - ANYTHING, abs=0.1)
    assert clock == pytest.approx(PHOTOGRAPHED + (ANYTHING - PHOTOGRAPHED) / 2, abs=0.1)
    assert lightning == pytest.approx((ANYTHING - PHOTOGRAPHED) / 2, abs=0.1)


def image_stage(folder, teacher, **changes):
    settings = {"stage": "image", "weights": {"teacher": 1.0, "dense": 0.5}, "teacher": teacher, **changes}
    config = run_config(folder, **settings)
    model, processor = tiny_model()
    return ImageStage(model, processor, config, PictureSource(example_source(), config.batch_size, 0.0))


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
