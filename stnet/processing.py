"""The one place where a drawing becomes ink on white, a picture becomes pixels, and words become tokens."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image, ImageChops, ImageFilter, ImageOps
from torch import Tensor

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from stnet.configuration import STNetConfig

FILE_NAME = "preprocessor_config.json"
LARGEST_DRAWING = 1024  # longer side that a drawing is reduced to before anything else, in pixels
FAINTEST_INK = 32  # of 255: below it a drawing is blank paper (compression noise, a stray shade)
MOST_CHARACTERS = 2_000  # tokenizers are slow on megabytes; no context reaches this far


@dataclass(frozen=True)
class TextInput:
    """Tokens of one text: `input_ids` and `attention_mask` (1, L); `truncated` if words were cut off."""

    input_ids: Tensor
    attention_mask: Tensor
    truncated: bool


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


def picture_to_rgb(picture: Image.Image) -> Image.Image:
    """An upright RGB picture: EXIF rotation applied, transparency laid on white, of a film one frame."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I") or picture.mode == "F":  # 16-bit greys: PIL's own conversion clips them
        values = np.asarray(picture, dtype=np.float32)
        picture = Image.fromarray((np.clip(values / max(values.max(), 1.0), 0, 1) * 255).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def square_picture(picture: Image.Image, side: int) -> Image.Image:
    """A picture as the image tower sees it, RGB and side x side, squeezed whole: nothing is cut off."""
    return picture_to_rgb(picture).resize((side, side), Image.Resampling.BICUBIC, reducing_gap=3.0)


def ink_of(drawing: Image.Image) -> Image.Image | None:
    """The ink of a drawing, whatever it came as: 8-bit grey, ink high (255), paper 0; None if there is none.

    Black on white, white on black, strokes on transparent paper and coloured pens all become the same. The
    paper is what most of the drawing's pixels look like.

    Raises:
        ValueError: if it has no pixels at all.
    """
    if 0 in drawing.size:
        raise ValueError(f"the drawing has no pixels: its size is {drawing.width} x {drawing.height}")
    drawing = ImageOps.exif_transpose(drawing)
    if drawing.has_transparency_data:
        drawing = drawing.convert("RGBA")
    elif drawing.mode in ("1", "P"):  # these are reduced by leaving pixels out: thin lines would break
        drawing = drawing.convert("RGB")
    if max(drawing.size) > LARGEST_DRAWING:
        drawing.thumbnail((LARGEST_DRAWING, LARGEST_DRAWING), reducing_gap=2.0)
    # yellow on white differs in one channel only: the channel that differs most decides
    ink = reduce(ImageChops.lighter, map(_off_paper, picture_to_rgb(drawing).split()))
    if _strength(ink) < FAINTEST_INK and drawing.mode == "RGBA":
        ink = _off_paper(drawing.getchannel("A"))  # white strokes on transparent paper: only the alpha tells
    strength = _strength(ink)
    if strength < FAINTEST_INK:
        return None
    return ink.point([min(255, round(value * 255 / strength)) for value in range(256)])


def _off_paper(channel: Image.Image) -> Image.Image:
    """How far each pixel of one channel is from the paper, the median."""
    paper = int(np.median(np.asarray(channel)))
    return ImageChops.difference(channel, Image.new("L", channel.size, paper))


def _strength(ink: Image.Image) -> int:
    return int(ink.getextrema()[1])  # type: ignore[arg-type]


def fit_ink(ink: Image.Image, size: int, margin: float = 0.06) -> Image.Image:
    """Cut out the inked part, centre it on a square with a margin, scale it to size x size.

    So a small drawing in a corner and a large one are the same drawing. `ink` is grey with ink high.
    """
    box = ink.point([255 * (value >= FAINTEST_INK * 2) for value in range(256)]).getbbox() or ink.getbbox()
    assert box is not None  # ink_of returned None if there is nothing
    ink = ink.crop(box)
    side = max(ink.size)
    shrink = side / (size * (1 - 2 * margin))
    if shrink > 2:  # thin lines would fade to nothing: thicken them to what will be about a pixel
        ink = ink.filter(ImageFilter.MaxFilter(min(9, int(shrink / 2) * 2 + 1)))
    border = max(1, round(side * margin / (1 - 2 * margin)))
    square = Image.new("L", (side + 2 * border, side + 2 * border), 0)
    square.paste(ink, ((square.width - ink.width) // 2, (square.height - ink.height) // 2))
    fitted = square.resize((size, size), Image.Resampling.BOX if shrink > 1 else Image.Resampling.BILINEAR)
    strength = _strength(fitted)
    return fitted.point([min(255, round(value * 255 / max(strength, 1))) for value in range(256)])


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
        if text.eos_token_id == 2:
            raise ValueError(
                "with eos_token_id 2 CLIP's text tower pools at the largest id: choose another id"
            )
        if tokenizer.eos_token_id != text.eos_token_id:
            raise ValueError(
                f"the tokenizer ends texts with id {tokenizer.eos_token_id}, the text tower pools at "
                f"{text.eos_token_id}: set text_config.eos_token_id to the tokenizer's"
            )
        tokenizer.model_max_length = text.max_position_embeddings
        channels = config.sketch_config.num_channels
        return cls(
            image=PixelSettings(config.image_size, mean=(0.5,) * 3, std=(0.25,) * 3),
            sketch=PixelSettings(config.sketch_size, mean=(0.9,) * channels, std=(0.25,) * channels),
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

        import stnet.modeling  # noqa: F401 - registers the model type, so that the tokenizer finds its config

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
        if ink is None:
            return None
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
        ids = self._tokens([cleaned[:MOST_CHARACTERS]])
        whole = self.tokenizer(cleaned[:MOST_CHARACTERS], split_special_tokens=True, verbose=False)
        cut = len(cleaned) > MOST_CHARACTERS or len(whole["input_ids"]) > ids["input_ids"].shape[1]
        return TextInput(ids["input_ids"], ids["attention_mask"], truncated=cut)

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
