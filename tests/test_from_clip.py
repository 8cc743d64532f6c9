"""Starting from a CLIP checkpoint: its numbers, its settings, and a query from end to end."""

import pytest
import torch
from PIL import Image, ImageDraw
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

from stnet.modeling import STNetModel
from stnet.processing import STNetProcessor

TINY = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
MEAN, STD = [0.48, 0.46, 0.41], [0.27, 0.26, 0.28]


def clip_tokenizer():
    """CLIP's tokenizer with single letters for a vocabulary."""
    letters = sorted(ByteLevel.alphabet())
    tokens = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={token: number for number, token in enumerate(tokens)}, merges=[])


def make_clip(folder, eos_token_id=513):
    """A CLIP checkpoint folder with random weights: model, tokenizer and preprocessor."""
    torch.manual_seed(0)
    config = CLIPConfig(
        vision_config={**TINY, "image_size": 32, "patch_size": 8},
        text_config={
            **TINY,
            "vocab_size": 514,
            "max_position_embeddings": 20,
            "bos_token_id": 512,
            "eos_token_id": eos_token_id,
            "pad_token_id": 513,
        },
        projection_dim=24,
    )
    clip = CLIPModel(config).eval()
    with torch.no_grad():
        for weight in clip.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    clip.save_pretrained(folder)
    clip_tokenizer().save_pretrained(folder)
    CLIPImageProcessorPil(image_mean=MEAN, image_std=STD).save_pretrained(folder)
    return clip


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
