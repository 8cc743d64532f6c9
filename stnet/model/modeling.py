"""STNET (arXiv 2502.08438): three towers, sketch-guided attention. Reads like the paper's section 4."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, CLIPModel
from transformers.modeling_utils import PreTrainedModel
from transformers.utils import ModelOutput

from stnet.model.box_head import BoxHead
from stnet.model.configuration import (
    BackboneConfig,
    EfficientNetLiteConfig,
    PatchConvNetConfig,
    STNetConfig,
)
from stnet.model.pretrained import load_backbone, load_text_encoder, text_config_of, tower_config
from stnet.model.scoring import attend, score_all_pairs
from stnet.model.towers.image import BackbonePatches, ClosedBatchNorm, build_image_tower
from stnet.model.towers.sketch import BackboneDrawing, build_sketch_tower
from stnet.model.towers.text import MeanPooledText, build_text_tower


@dataclass
class QueryVectors(ModelOutput):
    """A query in the shared space, each (B, D): `sketch` h_S, `text` h_T, `query` Q = h_T * h_S."""

    sketch: Tensor | None = None
    text: Tensor | None = None
    query: Tensor | None = None


@dataclass
class STNetOutput(ModelOutput):
    """B queries against N pictures.

    Attributes:
        scores: cos(Q, V), (B, N) in -1..1.
        attention: alpha, (B, N, P); rows sum to 1.
        vectors: the queries' h_S, h_T and Q.
        patches: the pictures' patch features H, (N, P, D).
    """

    scores: Tensor | None = None
    attention: Tensor | None = None
    vectors: QueryVectors | None = None
    patches: Tensor | None = None


class STNetModel(PreTrainedModel):
    """Text, sketch and image towers around one space of D dimensions."""

    config_class = STNetConfig
    config: STNetConfig
    base_model_prefix = "stnet"
    main_input_name = "pixel_values"
    _no_split_modules: ClassVar[list[str]] = ["CLIPEncoderLayer", "ResidualBlock"]
    _supports_sdpa = True

    def __init__(self, config: STNetConfig) -> None:
        super().__init__(config)
        dimension = config.projection_dim
        # the towers are built from sub-configs: they choose their attention kernel as the whole model does
        for part in (config.image_config, config.sketch_config, config.text_config):
            part._attn_implementation = config._attn_implementation
        self.image_tower = build_image_tower(config.image_config)
        self.sketch_tower = build_sketch_tower(config.sketch_config)
        self.text_tower = build_text_tower(config.text_config)
        self.image_projection = nn.Linear(config.image_config.hidden_size, dimension)
        self.sketch_projection = nn.Linear(config.sketch_config.hidden_size, dimension)
        self.text_projection = nn.Linear(config.text_config.hidden_size, dimension)
        self.neutral_sketch = nn.Parameter(torch.ones(dimension))
        self.neutral_text = nn.Parameter(torch.ones(dimension))
        self.log_temperature = nn.Parameter(torch.empty(()))
        self.logit_scale = nn.Parameter(torch.empty(()))
        self.box_head = BoxHead(dimension, config.grid)
        self.naming_head = nn.Linear(dimension, len(config.drawn_names)) if config.drawn_names else None
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, nn.Conv2d) and module.kernel_size == (3, 3):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, ClosedBatchNorm):
            nn.init.zeros_(module.weight)
        elif isinstance(module, STNetModel):
            # a product of two vectors around one starts as their sum: no half can silence the other
            for projection in (module.sketch_projection, module.text_projection):
                nn.init.ones_(projection.bias)
            for neutral in (module.neutral_sketch, module.neutral_text):
                nn.init.ones_(neutral)
            temperature = self.config.attention_temperature or math.sqrt(self.config.projection_dim)
            nn.init.constant_(module.log_temperature, math.log(temperature))
            nn.init.constant_(module.logit_scale, self.config.logit_scale_init_value)

    @property
    def temperature(self) -> Tensor:
        """tau of the attention, a positive scalar."""
        return self.log_temperature.exp()

    def encode_image(self, pixel_values: Tensor) -> Tensor:
        """Patch features H of pictures. (B, 3, S, S), as STNetProcessor makes them -> (B, P, D)"""
        return self.image_projection(self.image_tower(pixel_values))

    def encode_sketch(self, sketch_values: Tensor) -> Tensor:
        """h_S: the sketch tower's output in the shared space. (B, C, s, s) -> (B, D)"""
        return self.sketch_projection(self.sketch_tower(sketch_values))

    def name_sketch(self, sketch: Tensor) -> Tensor:
        """How likely h_S shows each of the configuration's drawn_names. (B, D) -> (B, C), rows sum to 1

        Raises:
            ValueError: if the model has no naming head.
        """
        if self.naming_head is None:
            raise ValueError("this checkpoint can't name drawings: its configuration has no drawn_names")
        logits: Tensor = self.naming_head(sketch)
        return logits.softmax(-1)

    def encode_text(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """h_T: the text tower's output in the shared space. (B, L) -> (B, D)"""
        return self.text_projection(self.text_tower(input_ids=input_ids, attention_mask=attention_mask))

    def beside_words(self, sketch: Tensor) -> Tensor:
        """h_S as it counts in a query that has words, too: `sketch_share` of the way from neutral. (..., D)

        Exactly h_S where the share is 1.
        """
        return torch.lerp(self.neutral_sketch, sketch, self.config.sketch_share)

    def encode_query(
        self,
        sketch_values: Tensor | None = None,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
    ) -> QueryVectors:
        """h_S, h_T and Q = h_T * h_S. A missing half is the learned neutral vector.

        Of a drawing that comes with words only the configuration's `sketch_share` counts (the paper's is 1).
        What the drawing is taken for isn't heard here, whatever the `names_share`: names need a tokenizer. A
        search hears them (stnet.model.named).

        Raises:
            ValueError: if both halves are missing, or their batch sizes differ.
        """
        if sketch_values is None and input_ids is None:
            raise ValueError("a query needs a sketch, words, or both; got neither")
        if sketch_values is not None and input_ids is not None and len(sketch_values) != len(input_ids):
            raise ValueError(
                f"got {len(sketch_values)} sketches for {len(input_ids)} texts; expected as many"
            )
        sketch = None if sketch_values is None else self.encode_sketch(sketch_values)
        text = None if input_ids is None else self.encode_text(input_ids, attention_mask)
        if sketch is None:
            assert text is not None
            sketch = self.neutral_sketch.expand_as(text)
        elif text is not None:
            sketch = self.beside_words(sketch)
        if text is None:
            text = self.neutral_text.expand_as(sketch)
        return QueryVectors(sketch=sketch, text=text, query=text * sketch)

    def forward(
        self,
        pixel_values: Tensor,
        sketch_values: Tensor | None = None,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        **_: Any,
    ) -> STNetOutput:
        """Score every query of the batch against every picture of the batch.

        alpha = softmax(H h_S / tau), V = AvgPool(alpha * H), score = cos(Q, V).
        """
        vectors = self.encode_query(sketch_values, input_ids, attention_mask)
        assert vectors.sketch is not None and vectors.query is not None  # None is ModelOutput's default only
        patches = self.encode_image(pixel_values)
        attention = attend(vectors.sketch, patches, self.temperature)
        scores = score_all_pairs(attention, vectors.query, patches)
        return STNetOutput(scores=scores, attention=attention, vectors=vectors, patches=patches)

    def predict_box(self, patches: Tensor, attention: Tensor) -> Tensor:
        """The box of what the sketch attends to: the patches' boxes, averaged by attention.

        patches (N, P, D), attention (N, P) -> (N, 4) as x0, y0, x1, y1 in 0..1 of the picture
        """
        # squaring sharpens: half-hearted patches of a soft attention would pull the box towards the middle
        weight = attention.square() / attention.square().sum(-1, keepdim=True)
        return torch.einsum("np,npc->nc", weight, self.box_head(patches))

    @classmethod
    def from_clip(cls, checkpoint: str, **config: Any) -> "STNetModel":
        """Start from a CLIP checkpoint, as the paper does: its ViT for pictures and sketches, its text tower.

        The sketch tower begins as a copy of the image tower; the projections are CLIP's own. What CLIP has no
        counterpart for (neutral vectors, box head) starts fresh.

        Args:
            checkpoint: a folder or Hub id of a CLIPModel, its weights as safetensors (where a Hub repository
                has none, transformers takes the Hub's own conversion).
            config: further fields of STNetConfig; not the towers' configs or projection_dim: CLIP fixes them.

        Raises:
            ValueError: if `config` sets what CLIP fixes.
        """
        fixed = {"image_config", "sketch_config", "text_config", "projection_dim"} & config.keys()
        if fixed:
            raise ValueError(f"{sorted(fixed)} come from the CLIP checkpoint and can't be set")
        clip = CLIPModel.from_pretrained(checkpoint, use_safetensors=True, dtype=torch.float32)
        vision, text = clip.config.vision_config, clip.config.text_config
        model = cls(
            STNetConfig(
                image_config=vision.to_dict(),
                sketch_config=vision.to_dict(),
                text_config=text.to_dict(),
                projection_dim=clip.config.projection_dim,
                **config,
            )
        )
        model.image_tower.load_state_dict(clip.vision_model.state_dict())
        model.sketch_tower.load_state_dict(clip.vision_model.state_dict())
        model.text_tower.load_state_dict(clip.text_model.state_dict())
        with torch.no_grad():
            model.image_projection.weight.copy_(clip.visual_projection.weight)
            model.sketch_projection.weight.copy_(clip.visual_projection.weight)
            model.text_projection.weight.copy_(clip.text_projection.weight)
            nn.init.zeros_(model.image_projection.bias)
        return model.eval()

    @classmethod
    def from_pretrained_towers(cls, *, image: str, sketch: str, text: str, **config: Any) -> "STNetModel":
        """Start from networks that were trained apart; the projections and heads between them start fresh.

        Args:
            image: an EfficientNet-Lite0 (a folder as `python -m stnet.training.pretrained` writes it), or any
                backbone with maps at strides 16 and 32: a folder or a Hub id of transformers, or
                "timm/NAME", which needs timm.
            sketch: the same for drawings; the image network will do.
            text: folder or Hub id of a text encoder of transformers, read as the average of its tokens.
            config: further fields of STNetConfig; `image_config` and `sketch_config` as dicts leave to the
                networks what these fix. Not text_config, which the encoder fixes.

        Raises:
            ValueError: if `config` sets what the encoder fixes, or a source isn't such a network.
        """
        if "text_config" in config:
            raise ValueError("text_config comes from the text encoder and can't be set")
        image_config = tower_config(image, config.pop("image_config", {}))
        sketch_config = tower_config(sketch, config.pop("sketch_config", {}), drawings=True)
        towers = {"image_config": image_config, "sketch_config": sketch_config}
        model = cls(STNetConfig(text_config=text_config_of(text), **towers, **config))
        for tower, source in ((model.image_tower, image), (model.sketch_tower, sketch)):
            assert isinstance(tower, BackbonePatches | BackboneDrawing)
            load_backbone(tower.backbone, source)
        if not isinstance(model.text_tower, MeanPooledText):
            raise ValueError("a CLIP text tower comes with its picture tower: use from_clip")
        load_text_encoder(model.text_tower, text)
        return model.eval()


AutoConfig.register(PatchConvNetConfig.model_type, PatchConvNetConfig)
AutoConfig.register(EfficientNetLiteConfig.model_type, EfficientNetLiteConfig)
AutoConfig.register(BackboneConfig.model_type, BackboneConfig)
AutoConfig.register(STNetConfig.model_type, STNetConfig)
AutoModel.register(STNetConfig, STNetModel)
