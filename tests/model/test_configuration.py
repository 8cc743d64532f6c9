"""The configuration keeps what it is given, through a file and back, and refuses what can't be built."""

import pytest
from transformers import AutoConfig, CLIPTextConfig, CLIPVisionConfig

import stnet.model.modeling  # noqa: F401 - registers the model types
from stnet.model.configuration import EfficientNetLiteConfig, PatchConvNetConfig, STNetConfig, reading


def test_the_defaults_fit_together():
    config = STNetConfig()
    assert isinstance(config.image_config, PatchConvNetConfig)
    assert (config.image_size, config.grid) == (128, (8, 8))
    assert config.sketch_size == config.sketch_config.image_size
    assert config.categories == []


def test_the_grid_follows_the_image_tower():
    clip = CLIPVisionConfig(image_size=224, patch_size=32)
    assert STNetConfig(image_config=clip).grid == (7, 7)
    assert STNetConfig(image_config=PatchConvNetConfig(image_size=96)).grid == (6, 6)
    assert STNetConfig(image_config=EfficientNetLiteConfig(image_size=288, patch_size=24)).grid == (12, 12)


def test_a_tower_that_sees_pictures_at_other_sizes_keeps_its_patches_and_all_else():
    tower = EfficientNetLiteConfig(image_size=192, hidden_size=64, num_hidden_layers=2)
    larger = reading(tower, [192, 288, 192])
    assert (larger.image_size, larger.patch_size, larger.smaller_sizes) == (288, 24, [192])
    changed = {"image_size", "patch_size", "smaller_sizes"}
    kept = {name: value for name, value in tower.to_dict().items() if name not in changed}
    assert {name: value for name, value in larger.to_dict().items() if name not in changed} == kept
    assert (tower.image_size, tower.patch_size) == (192, 16)


@pytest.mark.parametrize(
    "image_config",
    [
        PatchConvNetConfig(image_size=64, stage_channels=(8, 16, 24), hidden_size=32),
        CLIPVisionConfig(image_size=64, patch_size=16, hidden_size=32, num_attention_heads=4),
    ],
)
def test_a_saved_configuration_comes_back_whole(tmp_path, image_config):
    config = STNetConfig(
        image_config=image_config,
        sketch_config=CLIPVisionConfig(image_size=60, patch_size=10, num_channels=1),
        text_config=CLIPTextConfig(vocab_size=500, eos_token_id=3, bos_token_id=1, pad_token_id=0),
        projection_dim=24,
        attention_temperature=0.5,
        logit_scale_init_value=1.5,
        categories=["duck", "drum"],
    )
    config.save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is STNetConfig
    assert type(loaded.image_config) is type(image_config)
    assert loaded.to_dict() | {"_name_or_path": ""} == config.to_dict()
    assert loaded.image_config.to_dict() == image_config.to_dict()
    assert (loaded.projection_dim, loaded.attention_temperature) == (24, 0.5)
    assert loaded.text_config.eos_token_id == 3
    assert loaded.categories == ["duck", "drum"]


def test_towers_can_be_given_as_plain_values():
    config = STNetConfig(
        image_config={"model_type": "clip_vision_model", "patch_size": 16},
        sketch_config={"num_channels": 1, "image_size": 60},
        text_config={"vocab_size": 100},
    )
    assert isinstance(config.image_config, CLIPVisionConfig) and config.image_config.patch_size == 16
    assert config.sketch_config.num_channels == 1 and config.sketch_size == 60
    assert config.text_config.vocab_size == 100
    assert isinstance(STNetConfig(image_config={"image_size": 32}).image_config, PatchConvNetConfig)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: PatchConvNetConfig(image_size=100), "image_size must be a multiple of 32, got 100"),
        (
            lambda: EfficientNetLiteConfig(image_size=192, patch_size=20),
            "patch_size must be 16 or more and divide",
        ),
        (
            lambda: EfficientNetLiteConfig(image_size=192, patch_size=8),
            "must be 16 or more and divide 192, got 8",
        ),
        (lambda: reading(EfficientNetLiteConfig(image_size=192), [280]), "12 patches a side divide, got 280"),
        (
            lambda: reading(PatchConvNetConfig(), [288]),
            "only published networks see pictures at other sizes",
        ),
        (lambda: EfficientNetLiteConfig(smaller_sizes=[192]), r"multiples of 32 below 192, got \[192\]"),
        (lambda: EfficientNetLiteConfig(smaller_sizes=[100]), r"multiples of 32 below 192, got \[100\]"),
        (lambda: PatchConvNetConfig(stage_channels=(8, 16)), "expected 3 stages"),
        (lambda: PatchConvNetConfig(stage_blocks=(1, 1, 1, 1)), "expected 3 stages"),
        (lambda: STNetConfig(image_config={"model_type": "resnet"}), "unknown image tower 'resnet'"),
        (lambda: STNetConfig(sketch_config={"model_type": "resnet"}), "unknown sketch tower 'resnet'"),
        (lambda: STNetConfig(projection_dim=0), "projection_dim must be positive, got 0"),
        (lambda: STNetConfig(sketch_share=0.0), "sketch_share must be above 0 and at most 1, got 0"),
        (lambda: STNetConfig(sketch_share=1.5), "sketch_share must be above 0 and at most 1, got 1.5"),
        (lambda: STNetConfig(attention_temperature=0.0), "attention_temperature must be positive, got 0"),
        (lambda: STNetConfig(attention_temperature=-1.0), "attention_temperature must be positive, got -1"),
    ],
)
def test_what_cannot_be_built_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()
