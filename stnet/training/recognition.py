"""What a published network recognises on a picture, and its classes in words: they teach words alone.

Few photos have captions. The network was trained on a million photos of 1,000 classes; what it makes of any
picture says how well each of their names describes it, and close names find close pictures.
"""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from stnet.data.words.imagenet_names import imagenet_names
from stnet.model.pretrained import WEIGHTS_NAME
from stnet.model.processing import STNetProcessor
from stnet.model.towers.efficientnet_lite import HEAD_CHANNELS, EfficientNetLite
from stnet.training.config import RunError

CLASSIFIER_NAME = "classifier.safetensors"


class Recogniser(nn.Module):
    """EfficientNet-Lite0 with its own classifier, frozen, and the classes' names as tokens.

    Args:
        folder: what `python -m stnet.training.pretrained` wrote.
        processor: of the model that learns, for its tokens.

    Raises:
        RunError: if the folder lacks the network or its classifier.
    """

    input_ids: Tensor
    attention_mask: Tensor

    def __init__(self, folder: Path, processor: STNetProcessor) -> None:
        super().__init__()
        names = imagenet_names()
        self.backbone = EfficientNetLite()
        self.classifier = nn.Linear(HEAD_CHANNELS, len(names))
        try:
            self.backbone.load_state_dict(load_file(folder / WEIGHTS_NAME))
            self.classifier.load_state_dict(load_file(folder / CLASSIFIER_NAME))
        except (OSError, RuntimeError, SafetensorError) as error:
            raise RunError(f"recogniser: {folder} can't be used: {error}") from error
        self.requires_grad_(False)
        ids, mask = processor.text_batch(names)
        self.register_buffer("input_ids", ids, persistent=False)
        self.register_buffer("attention_mask", mask, persistent=False)

    @torch.no_grad()
    def forward(self, pixel_values: Tensor) -> Tensor:
        """Pictures (B, 3, S, S) as the network expects them -> its classes' probabilities (B, C), float32."""
        self.eval()  # its batch norms keep their statistics, whatever mode the stage is in
        _, coarse = self.backbone(pixel_values.contiguous(memory_format=torch.channels_last))
        logits: Tensor = self.classifier(coarse.mean((2, 3)))
        return logits.float().softmax(-1)
