"""Drawings, pictures and words as people bring them: all become what the towers know, or a clear error."""

import io
import json
import shutil
import time

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageOps

from stnet.model.ink import ink_of
from stnet.model.processing import MOST_CHARACTERS, PixelSettings, STNetProcessor, clean_text
from stnet.pictures import picture_to_rgb
from stnet.training.tokenizer import train_tokenizer
from tests.conftest import TEXTS, tiny_config

CLEAR = (0, 0, 0, 0)


@pytest.fixture(scope="module")
def processor():
    return STNetProcessor.for_config(tiny_config(), train_tokenizer(TEXTS, vocabulary=400, context=16))


def draw(mode="RGB", paper="white", pen="black", size=(400, 300), scale=1.0, width=6):
    """A kite with a line across: the same on every paper with every pen."""
    drawing = Image.new(mode, size, paper)
    canvas = ImageDraw.Draw(drawing)
    for corners in ([(80, 60), (300, 80), (260, 230), (120, 240), (80, 60)], [(100, 200), (280, 100)]):
        canvas.line([(x * scale, y * scale) for x, y in corners], fill=pen, width=width)
    return drawing


def likeness(first, second):
    """Correlation of two tensors, 1 for the same drawing."""
    return np.corrcoef(first.flatten().numpy(), second.flatten().numpy())[0, 1]


def sixteen_bit(drawing):
    return Image.fromarray(np.asarray(drawing.convert("L")).astype(np.uint16) * 257)


DRAWINGS = {
    "black on white": draw(),
    "white on black": draw(paper="black", pen="white"),
    "inverted": ImageOps.invert(draw()),
    "black on transparent": draw("RGBA", CLEAR, "black"),
    "white on transparent": draw("RGBA", CLEAR, "white"),
    "white on transparent white": draw("RGBA", (255, 255, 255, 0), "white"),
    "red": draw(pen="red"),
    "yellow": draw(pen="yellow"),
    "yellow on transparent": draw("RGBA", CLEAR, "yellow"),
    "pale": draw(pen="#ffe680"),
    "blue on black": draw(paper="black", pen="blue"),
    "red on a green as bright": draw(paper=(0, 128, 0), pen=(255, 30, 0)),
    "grey": draw("L", 255, 0),
    "grey with alpha": draw("LA", (255, 255), (0, 255)),
    "grey on transparent": draw("LA", (0, 0), (0, 255)),
    "palette": draw(pen="red").convert("P"),
    "palette with transparency": draw("RGBA", CLEAR, "black").quantize(8),
    "black and white": draw("1", 1, 0),
    "CMYK": draw().convert("CMYK"),
    "16 bit": sixteen_bit(draw()),
    "32 bit": Image.fromarray(np.asarray(draw("L", 255, 0)).astype(np.int32) * 257),
    "float": Image.fromarray(np.asarray(draw("L", 255, 0)).astype(np.float32) / 255),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_the_same_whatever_it_is_drawn_with(processor, name):
    expected = processor.sketch(DRAWINGS["black on white"])
    found = processor.sketch(DRAWINGS[name])
    assert found.shape == (1, 1, 32, 32) and found.dtype == torch.float32
    assert torch.allclose(found, expected, atol=0.15)  # 10 of 255: rounding of colours


def test_ink_is_dark_on_light_paper(processor):
    sketch = processor.sketch(draw())[0, 0]
    paper, ink = (1 - 0.9) / 0.25, (0 - 0.9) / 0.25
    assert sketch.median().item() == pytest.approx(paper, abs=0.02)
    assert sketch.min().item() == pytest.approx(ink, abs=0.02)
    assert ((sketch < 0).float().mean()) < 0.4


def test_a_drawing_fills_its_square(processor):
    inked = processor.sketch(draw())[0, 0] < 0
    columns = inked.any(0).nonzero().flatten().tolist()
    rows = inked.any(1).nonzero().flatten().tolist()
    assert columns[0] <= 2 and columns[-1] >= 29  # the kite is wider than high
    assert abs((rows[0] + rows[-1]) / 2 - 15.5) <= 1


def test_rotated_by_exif_is_upright(processor):
    turned, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # "turn by 90 degrees to view"
    draw().transpose(Image.Transpose.ROTATE_90).save(turned, "PNG", exif=exif)
    assert torch.equal(processor.sketch(Image.open(turned)), processor.sketch(draw()))


@pytest.mark.parametrize("paper", [(2000, 2000), (700, 900)])
def test_small_in_a_corner_is_nearly_as_large_in_the_middle(processor, paper):
    large = draw(size=(1800, 1400), scale=4.5, width=27)
    corner = Image.new("RGB", paper, "white")
    corner.paste(large.resize((300, 233), Image.Resampling.BOX), (paper[0] - 310, paper[1] - 240))
    assert likeness(processor.sketch(corner), processor.sketch(large)) > 0.85


def test_half_the_size_is_nearly_the_same(processor):
    large = draw(size=(1800, 1400), scale=4.5, width=27)
    assert likeness(processor.sketch(large.resize((900, 700))), processor.sketch(large)) > 0.95


@pytest.mark.parametrize(
    ("mode", "paper", "pen"), [("L", 255, 0), ("1", 1, 0), ("P", 0, 255), ("RGBA", CLEAR, "black")]
)
def test_thin_lines_on_a_huge_canvas_stay(processor, mode, paper, pen):
    huge = draw(mode, paper, pen, size=(3600, 2700), scale=9, width=1)
    if mode == "P":
        huge.putpalette([255, 255, 255] * 255 + [0, 0, 0])
    started = time.process_time()
    found = processor.sketch(huge)
    assert time.process_time() - started < 5
    assert likeness(found, processor.sketch(draw())) > 0.6
    small = processor.sketch(draw(width=1))
    lines = (small < 0) & (processor.sketch(draw(width=2)) < 0)  # where even a thin pen leaves ink
    near = torch.nn.functional.max_pool2d((found < 0.1).float(), 3, stride=1, padding=1).bool()
    assert near[lines].float().mean() > 0.95  # no line is broken


BLANKS = {
    "white": Image.new("RGB", (400, 300), "white"),
    "black": Image.new("RGB", (400, 300), "black"),
    "transparent": Image.new("RGBA", (400, 300), CLEAR),
    "transparent white": Image.new("RGBA", (400, 300), (255, 255, 255, 0)),
    "one pixel": Image.new("RGB", (1, 1), "white"),
    "a column": Image.new("RGB", (1, 3000), "white"),
    "huge": Image.new("1", (4000, 4000), 1),
    "noisy": Image.fromarray(np.random.default_rng(0).integers(245, 256, (300, 400)).astype(np.uint8)),
}


@pytest.mark.parametrize("name", BLANKS)
def test_blank_paper_is_no_sketch(processor, name):
    assert processor.sketch(BLANKS[name]) is None


@pytest.mark.parametrize("size", [(2, 2), (1, 3000), (3000, 1), (5000, 5000)])
def test_absurd_sizes_with_a_dot_are_sketches(processor, size):
    drawing = Image.new("L", size, 255)
    side = min(40, *size)
    drawing.paste(0, (0, 0, max(1, side // 2), max(1, side // 2)))
    sketch = processor.sketch(drawing)
    assert sketch.shape == (1, 1, 32, 32) and torch.isfinite(sketch).all()
    assert (sketch < 0).any()


def test_a_drawing_is_not_changed_by_looking_at_it(processor):
    drawing = draw(size=(3000, 2000), scale=7)
    before = drawing.copy()
    processor.sketch(drawing)
    assert drawing.size == (3000, 2000) and drawing.tobytes() == before.tobytes()


def test_a_drawing_without_pixels_is_refused(processor):
    with pytest.raises(ValueError, match="the drawing has no pixels"):
        processor.sketch(Image.new("L", (0, 5)))


def test_a_jpegs_noise_is_no_ink():
    noisy = io.BytesIO()
    draw().save(noisy, "JPEG", quality=20)
    ink = np.asarray(ink_of(Image.open(noisy)))
    clean = np.asarray(ink_of(draw()))
    assert np.abs(ink.astype(int) - clean).mean() < 4


def test_three_channels_are_three_times_the_ink():
    settings = PixelSettings(32, (0.5, 0.4, 0.3), (0.2, 0.25, 0.5))
    clip = STNetProcessor(settings, settings, train_tokenizer(TEXTS, vocabulary=400))
    sketch = clip.sketch(draw())
    assert sketch.shape == (1, 3, 32, 32)
    pixels = (
        sketch[0] * torch.tensor(settings.std)[:, None, None] + torch.tensor(settings.mean)[:, None, None]
    )
    assert torch.allclose(pixels[0], pixels[1], atol=1e-6) and torch.allclose(pixels[0], pixels[2], atol=1e-6)


def test_pictures_are_squeezed_whole(processor):
    picture = Image.new("RGB", (200, 100), "red")
    picture.paste("blue", (100, 0, 200, 100))
    pixels = processor.images([picture, picture.resize((31, 77), Image.Resampling.NEAREST)])
    assert pixels.shape == (2, 3, 64, 64) and pixels.dtype == torch.float32
    values = pixels * 0.25 + 0.5
    assert torch.allclose(values[0, :, 30, 5], torch.tensor([1.0, 0.0, 0.0]), atol=0.01)
    assert torch.allclose(values[0, :, 30, 60], torch.tensor([0.0, 0.0, 1.0]), atol=0.01)
    assert torch.allclose(values[0, :, 30, 5], values[1, :, 30, 5], atol=0.01)


@pytest.mark.parametrize(
    "mode", ["RGB", "L", "LA", "RGBA", "P", "1", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"]
)
def test_pictures_of_every_mode_become_rgb(processor, mode):
    grey = Image.linear_gradient("L")
    picture = sixteen_bit(grey) if mode == "I;16" else grey.convert("RGB").convert(mode, dither=None)
    if mode in ("I", "F"):
        picture = grey.convert(mode)
    values = processor.images([picture])[0] * 0.25 + 0.5
    assert values.shape == (3, 64, 64)
    assert values[:, 2].max() < 0.15 and values[:, -3].min() > 0.85  # dark above, light below


def test_transparency_is_laid_on_white():
    picture = Image.new("RGBA", (10, 10), CLEAR)
    picture.paste((255, 0, 0, 255), (0, 0, 5, 10))
    rgb = picture_to_rgb(picture)
    assert rgb.getpixel((2, 5)) == (255, 0, 0) and rgb.getpixel((8, 5)) == (255, 255, 255)


def test_the_batch_of_square_pixels_is_the_same_numbers(processor):
    pixels = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3)).astype(np.uint8)
    by_picture = processor.images([Image.fromarray(square) for square in pixels])
    assert torch.equal(processor.image_batch(torch.from_numpy(pixels)), by_picture)


@pytest.mark.parametrize(
    "words", ["", "   ", "\n\t ", "\x00\x01\x1f", "\u200b\u200e", "\u00a0\u3000", " " * 100_000]
)
def test_blank_words_are_no_text(processor, words):
    assert processor.text(words) is None


def test_control_characters_and_blanks_become_one_blank():
    assert clean_text("  a\x00red\r\n\tone \u202eon\u2069 it\x7f ") == "a red one on it"
    assert clean_text(" " * 50_000 + "a red one") == "a red one"
    assert clean_text("a\ud800b") == "a b"  # half a character


@pytest.mark.parametrize(
    "words", ["a 🦆 duck", "عند البحر", "בלילה", "沙滩上", "<eos> <pad>", "naïve café", "\ud83d duck"]
)
def test_any_words_are_tokens_that_end_once(processor, words):
    found = processor.text(words)
    ids = found.input_ids[0].tolist()
    assert found.input_ids.shape == found.attention_mask.shape == (1, len(ids))
    assert ids[0] == 1 and ids.index(3) == len(ids) - 1 and 0 not in ids
    assert found.attention_mask.all()


def test_typed_special_tokens_are_letters(processor):
    typed, plain = processor.text("a <eos> b"), processor.text("a eos b")
    assert 3 not in typed.input_ids[0, :-1]
    assert typed.input_ids.shape[1] > plain.input_ids.shape[1]
    ids, _ = processor.text_batch(["a <eos> b"])
    assert torch.equal(ids, typed.input_ids)


def test_the_truncation_flag_is_exact(processor):
    # "q" is a byte of its own: <bos>, 14 letters and <eos> are the 16 that fit
    letters = " ".join("q" * 7)
    fits = processor.text(letters)
    length = fits.input_ids.shape[1]
    assert length == 16 and not fits.truncated
    longer = processor.text(letters + "q")
    assert longer.truncated and longer.input_ids.shape[1] == 16
    assert longer.input_ids[0, -1] == 3


@pytest.mark.parametrize("count", [10_000, 1_000_000])
@pytest.mark.parametrize("part", ["a red one ", "x", "🦆", "\x00", "\x00a"])
def test_endless_words_are_cut_in_bounded_time(processor, count, part):
    words = (part * (count // len(part) + 1))[:count]
    started = time.process_time()
    found = processor.text(words)
    assert time.process_time() - started < 1
    if part == "\x00":
        assert found is None
    else:
        assert found.truncated and found.input_ids.shape == (1, 16) and found.input_ids[0, -1] == 3


def test_a_batch_of_words_is_padded(processor):
    ids, mask = processor.text_batch(["a red one", "", "left of a green square at night " * 9])
    assert ids.shape == mask.shape == (3, 16)
    alone = processor.text("a red one").input_ids[0]
    assert torch.equal(ids[0, : len(alone)], alone)
    assert mask.sum(1).tolist() == [len(alone), 2, 16]
    assert mask[0, len(alone) :].sum() == 0 and (ids[0, len(alone) :] == 0).all()


def test_the_longest_text_that_is_not_cut_by_characters():
    tokenizer = train_tokenizer(TEXTS, vocabulary=400, context=5_000)
    patient = STNetProcessor(PixelSettings(32, (0.5,), (0.5,)), PixelSettings(32, (0.5,), (0.5,)), tokenizer)
    assert not patient.text("q" * MOST_CHARACTERS).truncated
    assert patient.text("q" * (MOST_CHARACTERS + 1)).truncated


@pytest.mark.parametrize(
    ("eos", "message"), [(4, "ends texts with id 3, the text tower pools at 4"), (2, "eos_token_id 2")]
)
def test_a_wrong_end_token_is_refused(eos, message):
    config = tiny_config()
    config.text_config.eos_token_id = eos
    with pytest.raises(ValueError, match=message):
        STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400))


def test_the_text_towers_context_is_the_tokenizers():
    processor = STNetProcessor.for_config(tiny_config(), train_tokenizer(TEXTS, vocabulary=400, context=99))
    assert processor.text("left of a green square " * 20).input_ids.shape == (1, 16)


def test_saved_and_loaded_it_does_the_same(processor, tmp_path):
    processor.save_pretrained(tmp_path)
    loaded = STNetProcessor.from_pretrained(tmp_path)
    assert (loaded.image, loaded.sketch_settings) == (processor.image, processor.sketch_settings)
    assert torch.equal(loaded.sketch(draw()), processor.sketch(draw()))
    words = "behind the drum, at night " * 4
    assert torch.equal(loaded.text(words).input_ids, processor.text(words).input_ids)
    assert loaded.text(words).truncated


@pytest.fixture
def folder(tiny_checkpoint, tmp_path):
    shutil.copytree(tiny_checkpoint, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("name", ["preprocessor_config.json", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "binary"])
def test_missing_and_damaged_files_are_named(folder, name, damage):
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(
            {"empty": b"", "cut": content[: len(content) // 2], "binary": b"\xff\x00\x80" * 50}[damage]
        )
    with pytest.raises(ValueError, match=rf"{name}|tokenizer"):
        STNetProcessor.from_pretrained(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"image": None},
        {"image": {"size": 64}},
        {"image": {"size": "large", "mean": [0.5], "std": [0.5]}},
        {"image": {"size": 0, "mean": [0.5], "std": [0.5]}},
        {"image": {"size": 64, "mean": [0.5, 0.5, 0.5], "std": [0.5]}},
        {"image": {"size": 64, "mean": ["a", "b", "c"], "std": [0.5, 0.5, 0.5]}},
        {"image": {"size": 64, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.0, 0.5]}},
    ],
)
def test_settings_that_make_no_sense_are_refused(folder, changes):
    path = folder / "preprocessor_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(ValueError, match=r"preprocessor_config\.json doesn't describe an STNET processor"):
        STNetProcessor.from_pretrained(folder)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ValueError, match="nowhere"):
        STNetProcessor.from_pretrained(tmp_path / "nowhere")


def test_a_16_bit_drawing_with_a_transparent_colour_is_the_drawing_without_it(tmp_path):
    paper = np.full((64, 64), 65535, np.uint16)
    paper[20:44, 30:34] = 300
    for name, extra in (("plain", {}), ("transparent", {"transparency": 65535})):
        Image.fromarray(paper).save(tmp_path / f"{name}.png", **extra)
    with Image.open(tmp_path / "plain.png") as plain, Image.open(tmp_path / "transparent.png") as other:
        assert np.array_equal(np.asarray(ink_of(plain)), np.asarray(ink_of(other)))
        assert np.asarray(ink_of(plain))[30, 31] == 255 and np.asarray(ink_of(plain))[5, 5] == 0
