"""The one place where a drawing becomes ink on white, a picture becomes pixels, and words become tokens."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from stnet.model.ink import fit_ink, ink_of
from stnet.pictures import square_picture

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from stnet.model.configuration import STNetConfig, VisionConfig

FILE_NAME = "preprocessor_config.json"
MOST_CHARACTERS = 2_000  # tokenizers are slow on megabytes; no context reaches this far


@dataclass(frozen=True)
class TextInput:
    """Tokens of one text: `input_ids` and `attention_mask` (1, L); `truncated` if words were cut off.

    `read` is the part of the text that the tokens stand for.
    """

    input_ids: Tensor
    attention_mask: Tensor
    truncated: bool
    read: str


@dataclass(frozen=True)
class PixelSettings:
    """How pixels in 0..1 become the numbers a tower expects: (x - mean) / std, channel by channel.

    Raises:
        ValueError: if the size isn't positive, or a channel has no number as mean and positive number as std.
    """

    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __post_init__(self) -> None:
        numbers = [value for value in (*self.mean, *self.std) if isinstance(value, int | float)]
        whole = len(numbers) == 2 * len(self.mean) == 2 * len(self.std) > 0
        if self.size < 1 or not whole or min(self.std) <= 0:
            raise ValueError(
                f"expected size > 0 and for every channel a mean and a std > 0; "
                f"got {self.size}, {self.mean} and {self.std}"
            )

    def normalize(self, pixels: Tensor) -> Tensor:
        """(..., C, size, size) in 0..1 -> the same shape, normalised"""
        mean = torch.tensor(self.mean, device=pixels.device)[:, None, None]
        std = torch.tensor(self.std, device=pixels.device)[:, None, None]
        return (pixels - mean) / std


def _settings(tower: "VisionConfig", size: int, mean: tuple[float, ...]) -> PixelSettings:
    """What the tower's first weights expect: EfficientNet-Lite's (x - 127) / 128, a backbone's, or ours."""
    if tower.model_type == "stnet_efficientnet_lite":
        return PixelSettings(size, mean=(127 / 255,) * 3, std=(128 / 255,) * 3)
    if tower.model_type == "stnet_backbone":
        return PixelSettings(size, mean=tuple(tower.image_mean), std=tuple(tower.image_std))
    return PixelSettings(size, mean=mean, std=(0.25,) * len(mean))


class STNetProcessor:
    """Drawings, pictures and words for one checkpoint; saved beside its weights."""

    def __init__(
        self, image: PixelSettings, sketch: PixelSettings, tokenizer: "PreTrainedTokenizerBase"
    ) -> None:
        self.image = image
        self.sketch_settings = sketch
        self.tokenizer = tokenizer

    @classmethod
    def for_config(cls, config: "STNetConfig", tokenizer: "PreTrainedTokenizerBase") -> "STNetProcessor":
        """The settings our own small models use: pixels in -1..1, ink on white around 0.

        Raises:
            ValueError: if the tokenizer's special tokens are not those of the text tower (it would pool at a
                wrong position).
        """
        text = config.text_config
        reads_end = text.model_type == "clip_text_model"  # others are averaged over their tokens
        if reads_end and text.eos_token_id == 2:
            raise ValueError(
                "with eos_token_id 2 CLIP's text tower pools at the largest id: choose another id"
            )
        if reads_end and tokenizer.eos_token_id != text.eos_token_id:
            raise ValueError(
                f"the tokenizer ends texts with id {tokenizer.eos_token_id}, the text tower pools at "
                f"{text.eos_token_id}: set text_config.eos_token_id to the tokenizer's"
            )
        tokenizer.model_max_length = text.max_position_embeddings
        channels = config.sketch_config.num_channels
        return cls(
            image=_settings(config.image_config, config.image_size, mean=(0.5,) * 3),
            sketch=_settings(config.sketch_config, config.sketch_size, mean=(0.9,) * channels),
            tokenizer=tokenizer,
        )

    @classmethod
    def from_clip(cls, checkpoint: str) -> "STNetProcessor":
        """Settings and tokenizer of a CLIP checkpoint (folder or Hub id), for STNetModel.from_clip."""
        from transformers import AutoTokenizer, CLIPConfig, CLIPImageProcessorPil

        pixels = CLIPImageProcessorPil.from_pretrained(checkpoint)
        config, tokenizer = CLIPConfig.from_pretrained(checkpoint), AutoTokenizer.from_pretrained(checkpoint)
        tokenizer.model_max_length = (
            config.text_config.max_position_embeddings
        )  # not every checkpoint says so
        size = config.vision_config.image_size
        settings = PixelSettings(size, tuple(pixels.image_mean), tuple(pixels.image_std))
        return cls(settings, settings, tokenizer)

    @classmethod
    def from_pretrained(cls, folder: str | Path) -> "STNetProcessor":
        """Load from a checkpoint folder.

        Raises:
            ValueError: if the folder has no usable preprocessor_config.json or tokenizer.json.
        """
        from transformers import AutoTokenizer

        import stnet.model.modeling  # noqa: F401 - registers the model type, so that the tokenizer finds its config

        path, words = Path(folder) / FILE_NAME, Path(folder) / "tokenizer.json"
        try:
            settings = json.loads(path.read_text(encoding="utf-8"))
            image, sketch = (
                PixelSettings(int(part["size"]), tuple(part["mean"]), tuple(part["std"]))
                for part in (settings["image"], settings["sketch"])
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path} doesn't describe an STNET processor ({error}): is the checkpoint complete?"
            ) from error
        if not words.is_file():
            raise ValueError(f"{words} is missing: is the checkpoint complete?")
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder))
        except Exception as error:  # what a damaged file raises depends on the byte that is wrong
            raise ValueError(f"{words} is no tokenizer ({error}): is the checkpoint complete?") from error
        return cls(image, sketch, tokenizer)

    def save_pretrained(self, folder: str | Path) -> None:
        """Write preprocessor_config.json and the tokenizer into the checkpoint folder."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "processor_class": type(self).__name__,
            "image": asdict(self.image),
            "sketch": asdict(self.sketch_settings),
        }
        (folder / FILE_NAME).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
        self.tokenizer.save_pretrained(str(folder))

    def images(self, pictures: Sequence[Image.Image]) -> Tensor:
        """Pictures of any size and mode -> (B, 3, S, S) float32.

        A picture is squeezed to the square whole: nothing is cut off, and a box in 0..1 of the square is a
        box in 0..1 of the picture.
        """
        squares = [square_picture(picture, self.image.size) for picture in pictures]
        return self.image_batch(torch.from_numpy(np.stack([np.asarray(square) for square in squares])))

    def image_batch(self, pixels: Tensor) -> Tensor:
        """Pictures that are square already: (B, S, S, 3) uint8 -> (B, 3, S, S) float32, normalised."""
        return self.image.normalize(pixels.permute(0, 3, 1, 2).float() / 255)

    def sketch(self, drawing: Image.Image) -> Tensor | None:
        """A drawing as it came -> (1, C, s, s) float32, or None for blank paper."""
        ink = ink_of(drawing)
        return None if ink is None else self.inked(ink)

    def inked(self, ink: Image.Image) -> Tensor:
        """The ink of a drawing, as ink_of has it -> (1, C, s, s) float32"""
        return self.sketch_batch(torch.from_numpy(np.asarray(self.fit(ink)).copy())[None])

    def fit(self, ink: Image.Image) -> Image.Image:
        """Ink (grey, ink high) of any size -> s x s, cut to the drawing and centred."""
        return fit_ink(ink, self.sketch_settings.size)

    def sketch_batch(self, ink: Tensor) -> Tensor:
        """Fitted ink (B, s, s) uint8, ink high -> (B, C, s, s) float32, as ink on white paper."""
        paper = 1 - ink[:, None].float() / 255
        return self.sketch_settings.normalize(paper.expand(-1, len(self.sketch_settings.mean), -1, -1))

    def text(self, words: str) -> TextInput | None:
        """Words -> tokens cut to the context, or None if nothing is left after removing blanks."""
        cleaned = clean_text(words)
        if not cleaned:
            return None
        beginning = cleaned[:MOST_CHARACTERS]
        ids = self._tokens([beginning])
        length = ids["input_ids"].shape[1]
        whole = self.tokenizer(
            beginning, split_special_tokens=True, verbose=False, return_offsets_mapping=self.tokenizer.is_fast
        )
        read = beginning
        if len(whole["input_ids"]) > length and self.tokenizer.is_fast:
            # the last of those that fit ends the text, and stands for none of its letters
            read = beginning[: max(end for _, end in whole["offset_mapping"][: length - 1])].rstrip()
        cut = len(cleaned) > MOST_CHARACTERS or len(whole["input_ids"]) > length
        return TextInput(ids["input_ids"], ids["attention_mask"], truncated=cut, read=read)

    def text_batch(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Texts -> (input_ids, attention_mask), each (B, L), padded to the longest and cut to the context."""
        batch = self._tokens([clean_text(text)[:MOST_CHARACTERS] for text in texts])
        return batch["input_ids"], batch["attention_mask"]

    def _tokens(self, texts: list[str]) -> Mapping[str, Tensor]:
        # somebody who types "<eos>" means these letters, not the end of the text
        return self.tokenizer(
            texts, truncation=True, padding=True, split_special_tokens=True, return_tensors="pt"
        )


def clean_text(words: str) -> str:
    """One line without control characters, its blanks collapsed; of a book only the beginning."""
    beginning = " ".join(words.split())[: MOST_CHARACTERS * 5]
    printable = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in beginning)
    return " ".join(printable.split())
