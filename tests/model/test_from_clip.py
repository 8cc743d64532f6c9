"""Starting from a CLIP checkpoint: its numbers, its settings, and a query from end to end."""

import pytest
import torch
from PIL import Image, ImageDraw

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from tests.clips import MEAN, STD, clip_tokenizer, make_clip


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    return folder, make_clip(folder)


@torch.no_grad()
def test_pictures_become_clips_projected_patches(checkpoint):
    folder, clip = checkpoint
    model = STNetModel.from_clip(str(folder))
    pixels = torch.randn(2, 3, 32, 32)
    hidden = clip.vision_model(pixel_values=pixels).last_hidden_state[:, 1:]
    expected = clip.visual_projection(clip.vision_model.post_layernorm(hidden))
    assert model.config.grid == (4, 4) and model.config.projection_dim == 24
    assert torch.allclose(model.encode_image(pixels), expected, atol=1e-6)


@torch.no_grad()
@pytest.mark.parametrize(
    "eos_token_id", [513, 2]
)  # 2 is what old CLIP checkpoints say; they pool at the largest
def test_sketches_and_texts_become_clips_features_around_one(tmp_path, eos_token_id):
    clip = make_clip(tmp_path, eos_token_id)
    model = STNetModel.from_clip(str(tmp_path))
    ids = clip_tokenizer()(["a duck", "on the left of it"], padding=True, return_tensors="pt")
    pixels = torch.randn(2, 3, 32, 32)
    texts = clip.get_text_features(**ids).pooler_output
    sketches = clip.get_image_features(pixel_values=pixels).pooler_output
    assert torch.allclose(model.encode_text(**ids), 1 + texts, atol=1e-5)
    assert torch.allclose(model.encode_sketch(pixels), 1 + sketches, atol=1e-5)


def test_further_fields_can_be_set_but_not_what_clip_fixes(checkpoint):
    folder, _ = checkpoint
    model = STNetModel.from_clip(str(folder), attention_temperature=0.5, categories=["duck"])
    assert model.temperature.item() == pytest.approx(0.5)
    assert model.config.categories == ["duck"]
    for name in ("image_config", "sketch_config", "text_config", "projection_dim"):
        with pytest.raises(ValueError, match=rf"\['{name}'\] come from the CLIP checkpoint"):
            STNetModel.from_clip(str(folder), **{name: 3})


def test_towers_do_not_share_weights(checkpoint):
    model = STNetModel.from_clip(str(checkpoint[0]))
    with torch.no_grad():
        model.image_tower.post_layernorm.weight.fill_(7)
    assert not (model.sketch_tower.post_layernorm.weight == 7).any()


def test_it_is_saved_and_loaded_like_any_other(checkpoint, tmp_path):
    model = STNetModel.from_clip(str(checkpoint[0]))
    model.save_pretrained(tmp_path)
    loaded = STNetModel.from_pretrained(tmp_path)
    assert all(torch.equal(value, loaded.state_dict()[name]) for name, value in model.state_dict().items())


def test_the_processor_takes_clips_settings(checkpoint):
    processor = STNetProcessor.from_clip(str(checkpoint[0]))
    white = processor.images([Image.new("RGB", (50, 40), "white")])
    expected = (1 - torch.tensor(MEAN)) / torch.tensor(STD)
    assert white.shape == (1, 3, 32, 32)
    assert torch.allclose(white[0, :, 5, 7], expected, atol=1e-6)
    words = processor.text("a duck " * 30)
    assert words.truncated and words.input_ids.shape == (1, 20)
    assert words.input_ids[0, -1] == 513


def test_a_query_from_end_to_end(checkpoint, tmp_path):
    folder, _ = checkpoint
    STNetModel.from_clip(str(folder)).save_pretrained(tmp_path)
    STNetProcessor.from_clip(str(folder)).save_pretrained(tmp_path)
    model, processor = STNetModel.from_pretrained(tmp_path), STNetProcessor.from_pretrained(tmp_path)
    drawing = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(drawing).ellipse((50, 40, 220, 150), outline="black", width=4)
    words = processor.text("a duck on the left")
    pictures = processor.images([Image.effect_noise((64, 48), 80), Image.new("RGB", (10, 10), "teal")])
    with torch.no_grad():
        output = model(pictures, processor.sketch(drawing), words.input_ids, words.attention_mask)
    assert output.scores.shape == (1, 2) and output.attention.shape == (1, 2, 16)
    assert torch.isfinite(output.scores).all() and output.scores.abs().max() <= 1
