"""STNetModel: transformers' own numbers from the towers, the score, and weights that survive a file."""

import math

import pytest
import torch
from transformers import AutoModel, CLIPTextModel, CLIPVisionConfig, CLIPVisionModel

from stnet.model.configuration import STNetConfig
from stnet.model.modeling import STNetModel
from stnet.model.scoring import score
from tests.conftest import tiny_config

IMAGE_TOWERS = {
    "convolutional": {},
    "clip": {
        "image_config": CLIPVisionConfig(
            image_size=64,
            patch_size=16,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
        )
    },
}


@pytest.fixture(params=IMAGE_TOWERS)
def model(request):
    torch.manual_seed(0)
    model = STNetModel(tiny_config(**IMAGE_TOWERS[request.param])).eval()
    with torch.no_grad():  # every vector its own direction, every bias and norm something
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
        model.log_temperature.fill_(0.3)
    return model


def batch(size=3, seed=0):
    """Pictures, sketches, token ids (lengths differ) and their mask."""
    random = torch.Generator().manual_seed(seed)
    ids = torch.randint(4, 400, (size, 9), generator=random)
    ids[:, 0] = 1
    mask = torch.ones_like(ids)
    for row in range(size):
        end = 4 + row % 5
        ids[row, end], ids[row, end + 1 :], mask[row, end + 1 :] = 3, 0, 0
    return {
        "pixel_values": torch.randn(size, 3, 64, 64, generator=random),
        "sketch_values": torch.randn(size, 1, 32, 32, generator=random),
        "input_ids": ids,
        "attention_mask": mask,
    }


def query_inputs(inputs):
    return {name: value for name, value in inputs.items() if name != "pixel_values"}


@torch.no_grad()
def test_sketch_and_text_vectors_are_the_projections_of_transformers_own_towers(model):
    inputs = batch()
    vision = CLIPVisionModel(model.config.sketch_config).eval()
    vision.load_state_dict(model.sketch_tower.state_dict())
    text = CLIPTextModel(model.config.text_config).eval()
    text.load_state_dict(model.text_tower.state_dict())
    pooled = vision(pixel_values=inputs["sketch_values"]).pooler_output
    assert torch.equal(model.encode_sketch(inputs["sketch_values"]), model.sketch_projection(pooled))
    ids, mask = inputs["input_ids"], inputs["attention_mask"]
    hidden = text(input_ids=ids, attention_mask=mask).last_hidden_state
    at_end = hidden[torch.arange(len(ids)), (ids == 3).int().argmax(-1)]
    assert torch.allclose(model.encode_text(ids, mask), model.text_projection(at_end), atol=1e-6)


@torch.no_grad()
def test_patch_features_are_the_projected_tower(model):
    pixels = batch()["pixel_values"]
    patches = model.encode_image(pixels)
    assert patches.shape == (3, 16, 16)
    assert torch.equal(patches, model.image_projection(model.image_tower(pixels)))


@torch.no_grad()
def test_the_last_word_counts(model):
    """Pooling anywhere but at <eos> would not see a difference just before it."""
    ids = torch.tensor([[1, 40, 50, 60, 3], [1, 40, 50, 61, 3]])
    first, second = model.encode_text(ids)
    assert (first - second).abs().max() > 1e-3


@torch.no_grad()
def test_what_follows_the_end_does_not_count(model):
    ids = torch.tensor([[1, 40, 50, 3, 0, 0], [1, 40, 50, 3, 77, 99]])
    first, second = model.encode_text(ids)
    assert torch.allclose(first, second, atol=1e-6)
    assert torch.allclose(model.encode_text(ids[:1, :4]), first, atol=1e-6)


@torch.no_grad()
def test_forward_scores_every_query_against_every_picture(model):
    inputs = batch()
    inputs["pixel_values"] = torch.cat([inputs["pixel_values"], inputs["pixel_values"].flip(0) * 0.5])
    output = model(**inputs)
    assert output.scores.shape == (3, 6) and output.attention.shape == (3, 6, 16)
    sketch, text, query = output.vectors.sketch, output.vectors.text, output.vectors.query
    assert torch.equal(query, text * sketch)
    assert torch.equal(output.patches, model.encode_image(inputs["pixel_values"]))
    for row in range(3):
        single = score(sketch[row], query[row], output.patches, math.exp(0.3))
        assert torch.allclose(output.scores[row], single.score, atol=1e-5)
        assert torch.allclose(output.attention[row], single.attention, atol=1e-5)
    assert output.scores.std() > 1e-3


@torch.no_grad()
def test_one_at_a_time_is_as_good_as_in_a_batch(model):
    inputs = batch(4)
    together = model.encode_query(**query_inputs(inputs))
    patches = model.encode_image(inputs["pixel_values"])
    for row in range(4):
        alone = {name: value[row : row + 1] for name, value in inputs.items()}
        vectors = model.encode_query(**query_inputs(alone))
        assert torch.allclose(vectors.query[0], together.query[row], atol=1e-5)
        assert torch.allclose(model.encode_image(alone["pixel_values"])[0], patches[row], atol=1e-5)


@torch.no_grad()
def test_a_missing_half_is_the_neutral_vector(model):
    inputs = query_inputs(batch())
    whole = model.encode_query(**inputs)
    drawn = model.encode_query(sketch_values=inputs["sketch_values"])
    said = model.encode_query(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])
    assert torch.equal(drawn.sketch, whole.sketch)
    assert torch.equal(drawn.text, model.neutral_text.expand(3, -1))
    assert torch.equal(drawn.query, whole.sketch * model.neutral_text)
    assert torch.equal(said.text, whole.text)
    assert torch.equal(said.sketch, model.neutral_sketch.expand(3, -1))
    assert torch.equal(said.query, whole.text * model.neutral_sketch)


@torch.no_grad()
def test_beside_words_only_a_share_of_the_drawing_counts():
    torch.manual_seed(0)
    model = STNetModel(tiny_config(sketch_share=0.25)).eval()
    model.neutral_sketch.copy_(torch.randn(16))
    inputs = query_inputs(batch())
    drawn = model.encode_query(sketch_values=inputs["sketch_values"])
    whole = model.encode_query(**inputs)
    torch.testing.assert_close(whole.sketch, 0.25 * drawn.sketch + 0.75 * model.neutral_sketch)
    torch.testing.assert_close(whole.query, whole.text * whole.sketch)
    assert torch.equal(drawn.sketch, model.encode_sketch(inputs["sketch_values"]))


def test_a_query_of_nothing_is_refused(model):
    with pytest.raises(ValueError, match="a query needs a sketch, words, or both"):
        model.encode_query()


def test_halves_of_different_batches_are_refused(model):
    inputs = batch()
    with pytest.raises(ValueError, match="got 2 sketches for 3 texts"):
        model.encode_query(inputs["sketch_values"][:2], inputs["input_ids"], inputs["attention_mask"])


def test_a_fresh_model_starts_with_neutral_ones_and_its_temperature():
    model = STNetModel(tiny_config())
    assert torch.equal(model.neutral_sketch, torch.ones(16))
    assert torch.equal(model.neutral_text, torch.ones(16))
    assert model.temperature.item() == pytest.approx(4.0)  # sqrt(D)
    assert model.logit_scale.item() == pytest.approx(2.6592)
    assert STNetModel(tiny_config(attention_temperature=0.7)).temperature.item() == pytest.approx(0.7)


@torch.no_grad()
def test_the_box_is_the_attended_patches_box(model):
    patches = torch.randn(2, 16, 16)
    boxes = model.box_head(patches)
    attention = torch.zeros(2, 16)
    attention[0, 5] = 1.0
    attention[1, [3, 9]] = torch.tensor([0.75, 0.25])
    found = model.predict_box(patches, attention)
    assert torch.allclose(found[0], boxes[0, 5], atol=1e-6)
    assert torch.allclose(found[1], 0.9 * boxes[1, 3] + 0.1 * boxes[1, 9], atol=1e-6)  # squares: 9 to 1


def same_weights(first, second):
    names = [set(model.state_dict()) for model in (first, second)]
    assert names[0] == names[1]
    return all(torch.equal(value, second.state_dict()[name]) for name, value in first.state_dict().items())


@pytest.mark.parametrize("loader", [STNetModel, AutoModel])
@pytest.mark.parametrize("shard", ["5GB", "30KB"])
def test_saving_and_loading_changes_no_bit(model, tmp_path, loader, shard):
    model.save_pretrained(tmp_path, max_shard_size=shard)
    shards = list(tmp_path.glob("*.safetensors"))
    assert len(shards) == 1 if shard == "5GB" else len(shards) > 2
    assert not list(tmp_path.glob("*.bin")) and not list(tmp_path.glob("*.pt"))
    loaded = loader.from_pretrained(tmp_path, use_safetensors=True)
    assert type(loaded) is STNetModel and not loaded.training
    assert same_weights(model, loaded)
    inputs = batch()
    with torch.no_grad():
        before, after = model(**inputs), loaded(**inputs)
    assert torch.equal(before.scores, after.scores)
    assert torch.equal(before.attention, after.attention)
    assert torch.equal(before.patches, after.patches)
    assert torch.equal(before.vectors.query, after.vectors.query)


def test_loading_another_size_is_an_error(model, tmp_path):
    model.save_pretrained(tmp_path)
    other = STNetConfig.from_pretrained(tmp_path)
    other.projection_dim = 8
    with pytest.raises(RuntimeError, match=r"size mismatch|mismatch"):
        STNetModel.from_pretrained(tmp_path, config=other)


def test_every_weight_gets_a_gradient(model):
    model.train()
    inputs = batch()
    output = model(**inputs)
    drawn = model(inputs["pixel_values"], sketch_values=inputs["sketch_values"])
    said = model(
        inputs["pixel_values"], input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]
    )
    boxes = model.predict_box(output.patches, output.attention[0])
    (output.scores.sum() + drawn.scores.sum() + said.scores.sum() + boxes.sum()).backward()
    without = {
        name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.any()
    }
    # the loss owns logit_scale; a bias of all keys changes no softmax
    assert {name for name in without if not name.endswith("k_proj.bias")} == {"logit_scale"}
