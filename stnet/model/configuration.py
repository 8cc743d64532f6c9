"""What an STNET model is made of: three towers, the shared space, and the constants of the score."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from transformers import AutoConfig, CLIPTextConfig, CLIPVisionConfig
from transformers.configuration_utils import PretrainedConfig

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of pixels in 0..1, red first


class PatchConvNetConfig(PretrainedConfig):
    """The small tower for pictures or drawings: a residual convolutional network over a patch grid.

    Args:
        image_size: side of the square input, in pixels; a multiple of 32.
        stem_channels: channels at stride 4.
        stage_channels: channels at strides 8, 16 and 32.
        stage_blocks: residual blocks at strides 8, 16 and 32.
        hidden_size: width of the patch tokens and of the transformer layers that mix them.
        num_hidden_layers: transformer layers over the patch grid (stride 16); they give every patch its
            surroundings, without which "left of the car" can't be seen.
    """

    model_type = "stnet_patch_conv_net"

    def __init__(
        self,
        image_size: int = 128,
        num_channels: int = 3,
        stem_channels: int = 32,
        stage_channels: tuple[int, ...] = (64, 160, 256),
        stage_blocks: tuple[int, ...] = (2, 3, 1),
        hidden_size: int = 192,
        intermediate_size: int = 512,
        num_hidden_layers: int = 2,
        num_attention_heads: int = 4,
        hidden_act: str = "gelu",
        layer_norm_eps: float = 1e-5,
        attention_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if image_size % 32:
            raise ValueError(f"image_size must be a multiple of 32, got {image_size}")
        if len(stage_channels) != 3 or len(stage_blocks) != 3:
            raise ValueError(
                f"expected 3 stages (strides 8, 16, 32), got channels {stage_channels}, blocks {stage_blocks}"
            )
        self.image_size = image_size
        self.num_channels = num_channels
        self.stem_channels = stem_channels
        self.stage_channels = tuple(stage_channels)
        self.stage_blocks = tuple(stage_blocks)
        self.hidden_size = hidden_size
        self.intermediate_size = intermediate_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.hidden_act = hidden_act
        self.layer_norm_eps = layer_norm_eps
        self.attention_dropout = attention_dropout
        super().__init__(**kwargs)

    @property
    def patch_size(self) -> int:
        """Pixels of the input that one patch stands for, per side."""
        return 16

    @property
    def smaller_sizes(self) -> list[int]:
        """At which pictures are seen, too: none."""
        return []


class GridTowerConfig(PretrainedConfig):
    """A tower around a published network, whose maps at strides 16 and 32 are joined on the patch grid.

    Args:
        image_size: side of the square input, in pixels; a multiple of 32 and of patch_size.
        patch_size: side of the square of the input that one patch stands for, in pixels: 16, the stride of
            the finer map, or more. With more, the map is read at fewer places than it has.
        smaller_sizes: sides at which pictures are seen, too, in pixels, multiples of 32 below image_size: a
            patch's feature is the mean over all sizes.
        hidden_size: width of the patch tokens; where it reads drawings, that of the network's last map.
        num_hidden_layers: transformer layers over the patch grid (pictures only).
    """

    def __init__(
        self,
        image_size: int = 192,
        patch_size: int = 16,
        smaller_sizes: Sequence[int] = (),
        hidden_size: int = 192,
        intermediate_size: int = 384,
        num_hidden_layers: int = 1,
        num_attention_heads: int = 4,
        hidden_act: str = "gelu",
        layer_norm_eps: float = 1e-5,
        attention_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if image_size % 32:
            raise ValueError(f"image_size must be a multiple of 32, got {image_size}")
        if patch_size < 16 or image_size % patch_size:
            raise ValueError(f"patch_size must be 16 or more and divide {image_size}, got {patch_size}")
        if any(size % 32 or not 0 < size < image_size for size in smaller_sizes):
            raise ValueError(
                f"smaller_sizes must be multiples of 32 below {image_size}, got {list(smaller_sizes)}"
            )
        self.image_size = image_size
        self.patch_size = patch_size
        self.smaller_sizes = list(smaller_sizes)
        self.num_channels = 3
        self.hidden_size = hidden_size
        self.intermediate_size = intermediate_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.hidden_act = hidden_act
        self.layer_norm_eps = layer_norm_eps
        self.attention_dropout = attention_dropout
        kwargs.pop("num_channels", None)
        super().__init__(**kwargs)


class EfficientNetLiteConfig(GridTowerConfig):
    """A tower around EfficientNet-Lite0, pretrained on ImageNet; its last map has 1280 channels."""

    model_type = "stnet_efficientnet_lite"

    def __init__(self, **fields: Any) -> None:  # a class without one gets another from transformers
        super().__init__(**fields)


class BackboneConfig(GridTowerConfig):
    """A tower around any backbone of transformers with maps at strides 16 and 32, timm's among them.

    Args:
        backbone_config: fields of the backbone's configuration, `model_type` among them ("resnet",
            "convnext", "timm_backbone"); default: transformers' ResNet-50.
        image_mean, image_std: of pixels in 0..1, by channel, as the network was trained with; ImageNet's.
        fields: as of GridTowerConfig.
    """

    model_type = "stnet_backbone"

    def __init__(
        self,
        backbone_config: Mapping[str, Any] | None = None,
        image_mean: Sequence[float] = IMAGENET_MEAN,
        image_std: Sequence[float] = IMAGENET_STD,
        **fields: Any,
    ) -> None:
        self.backbone_config = {"model_type": "resnet"} if backbone_config is None else dict(backbone_config)
        if "model_type" not in self.backbone_config:
            raise ValueError(f"backbone_config needs a model_type, got {sorted(self.backbone_config)}")
        self.image_mean = list(image_mean)
        self.image_std = list(image_std)
        super().__init__(**fields)


def reading(config: Any, sizes: Sequence[int]) -> GridTowerConfig:
    """The same tower, seeing pictures at other sizes, in as many patches.

    Args:
        sizes: sides in pixels, one or more.

    Raises:
        ValueError: if the tower is another one, or the patches don't divide the largest size.
    """
    if not isinstance(config, GridTowerConfig):
        raise ValueError(f"only published networks see pictures at other sizes, got {config.model_type}")
    side, (largest, *smaller) = config.image_size // config.patch_size, sorted(set(sizes), reverse=True)
    if largest % side:
        raise ValueError(f"expected a largest size that {side} patches a side divide, got {largest}")
    changes = {"image_size": largest, "patch_size": largest // side, "smaller_sizes": smaller}
    return type(config)(**config.to_dict() | changes)


VisionConfig: TypeAlias = CLIPVisionConfig | PatchConvNetConfig | GridTowerConfig

_TOWERS: dict[str, type[VisionConfig]] = {
    CLIPVisionConfig.model_type: CLIPVisionConfig,
    PatchConvNetConfig.model_type: PatchConvNetConfig,
    EfficientNetLiteConfig.model_type: EfficientNetLiteConfig,
    BackboneConfig.model_type: BackboneConfig,
}


def _vision_config(
    name: str, config: VisionConfig | dict[str, Any] | None, default: type[VisionConfig]
) -> VisionConfig:
    if config is None:
        return default()
    if not isinstance(config, dict):
        return config
    model_type = config.get("model_type", default.model_type)
    if model_type not in _TOWERS:
        raise ValueError(f"unknown {name} {model_type!r}; expected one of {sorted(_TOWERS)}")
    return _TOWERS[model_type](**config)


def _text_config(config: PretrainedConfig | dict[str, Any] | None) -> PretrainedConfig:
    if config is None:
        return CLIPTextConfig()
    if not isinstance(config, dict):
        return config
    model_type = config.get("model_type", CLIPTextConfig.model_type)
    if model_type == CLIPTextConfig.model_type:
        return CLIPTextConfig(**config)
    fields = {name: value for name, value in config.items() if name != "model_type"}
    return AutoConfig.for_model(model_type, **fields)


def checked_share(sketch_share: float) -> float:
    """The share itself. Raises ValueError unless it is above 0 and at most 1."""
    if not 0 < sketch_share <= 1:
        raise ValueError(f"sketch_share must be above 0 and at most 1, got {sketch_share}")
    return sketch_share


def checked_names_share(names_share: float, drawn_names: Sequence[str]) -> float:
    """The share itself. Raises ValueError unless it is in 0..1, and 0 where there are no names."""
    if not 0 <= names_share <= 1:
        raise ValueError(f"names_share must be in 0..1, got {names_share}")
    if names_share and not drawn_names:
        raise ValueError(f"names_share is {names_share}, but the model names no drawings: give drawn_names")
    return names_share


class STNetConfig(PretrainedConfig):
    """Everything that shapes an STNetModel (arXiv 2502.08438, section 4).

    Args:
        image_config: CLIP's ViT (the paper), a PatchConvNet, EfficientNet-Lite0 or another backbone; the rest
            of the model doesn't know which.
        sketch_config: the same for the drawing; `num_channels` of a PatchConvNet or CLIP's ViT is 1 (ink) or
            3 (the paper's RGB).
        text_config: CLIP's text transformer (its bos/eos/pad ids must be the tokenizer's), or any encoder
            that transformers knows, BERT say, averaged over its tokens.
        projection_dim: D, the size of the space that h_S, h_T and the patch features H share.
        attention_temperature: tau at the start, alpha = softmax(H h_S / tau); None is sqrt(D). It is learned.
        logit_scale_init_value: log of the factor on the cosine in the contrastive loss at the start; learned.
        categories: names of the object classes that the classification head knows (training only).
        sketch_share: of a query that has words, too, how much of its drawing counts: h_S goes this far from
            the neutral vector, 0 < share <= 1. 1 is the paper; less helps where words say more.
        drawn_names: what the naming head can take a drawing for (see stnet.training.naming); none: no head.
        names_share: how much of what a drawing is taken for counts as said, 0..1 (see stnet.model.named); 0
            is the paper.
    """

    model_type = "stnet"
    sub_configs: ClassVar[dict[str, type[PretrainedConfig]]] = {"text_config": AutoConfig}

    def __init__(
        self,
        image_config: VisionConfig | dict[str, Any] | None = None,
        sketch_config: VisionConfig | dict[str, Any] | None = None,
        text_config: PretrainedConfig | dict[str, Any] | None = None,
        projection_dim: int = 128,
        attention_temperature: float | None = None,
        logit_scale_init_value: float = 2.6592,
        categories: list[str] | None = None,
        drawn_names: list[str] | None = None,
        sketch_share: float = 1.0,
        names_share: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if projection_dim < 1:
            raise ValueError(f"projection_dim must be positive, got {projection_dim}")
        if attention_temperature is not None and attention_temperature <= 0:
            raise ValueError(f"attention_temperature must be positive, got {attention_temperature}")
        self.image_config = _vision_config("image tower", image_config, PatchConvNetConfig)
        self.sketch_config = _vision_config("sketch tower", sketch_config, CLIPVisionConfig)
        self.text_config = _text_config(text_config)
        self.projection_dim = projection_dim
        self.attention_temperature = attention_temperature
        self.logit_scale_init_value = logit_scale_init_value
        self.categories = list(categories or [])
        self.drawn_names = list(drawn_names or [])
        self.sketch_share = checked_share(sketch_share)
        self.names_share = checked_names_share(names_share, self.drawn_names)
        super().__init__(**kwargs)

    @property
    def image_size(self) -> int:
        """Side of the square picture that the image tower sees, in pixels."""
        return int(self.image_config.image_size)

    @property
    def sketch_size(self) -> int:
        """Side of the square drawing that the sketch tower sees, in pixels."""
        return int(self.sketch_config.image_size)

    @property
    def patch_size(self) -> int:
        """Side of the square of the picture that one patch feature stands for, in pixels."""
        return int(self.image_config.patch_size)

    @property
    def grid(self) -> tuple[int, int]:
        """(rows, columns) of the patches: H is (P, D) with P = rows * columns, row by row."""
        side = self.image_size // self.patch_size
        return side, side
