"""What tests of the stages need: shapes for objects, a tiny model that knows them, photos made here."""

import json
from dataclasses import fields

import torch
from PIL import Image, ImageDraw

from stnet.data.categories import CategorySplit
from stnet.data.objects import shapes_bank
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.examples import ExampleSource, photo_categories
from stnet.training.config import TrainConfig
from stnet.training.tokenizer import train_tokenizer
from tests.conftest import TEXTS, tiny_config

BANK = shapes_bank()
SPLIT = CategorySplit(seen=BANK.categories[:10], unseen=BANK.categories[10:])


def run_config(folder, **changes):
    """A run without worker processes."""
    settings = {"stage": "joint", "batch_size": 4, "workers": 0, "steps": 4, "log_every": 1}
    return TrainConfig(**settings | {"output": str(folder)} | changes)


def tiny_model(categories=SPLIT.seen):
    """A model with random weights for these classes, and its processor."""
    torch.manual_seed(0)
    config = tiny_config(categories=list(categories))
    return STNetModel(config), STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400))


def example_source(photos=(), size=64, patch=16):
    """Scenes of the seen shapes, and photos if there are any."""
    return ExampleSource(BANK, SPLIT, photos, [*SPLIT.seen, *photo_categories(photos, SPLIT)], size, patch)


def tensors(batch):
    """All tensors of a batch, those of its pictures too."""
    parts = [part for entry in fields(batch) if (part := getattr(batch, entry.name)) is not None]
    return [tensor for part in parts for tensor in ([part] if torch.is_tensor(part) else tensors(part))]


def write_photos(folder, count=40):
    """Photos of one red box (a "parcel") each, every second with a "cloud", and their listing."""
    (folder / "images").mkdir(parents=True)
    rows = []
    for number in range(count):
        picture = Image.new("RGB", (80, 60), (number * 5 % 255, 120, 90))
        ImageDraw.Draw(picture).rectangle((20, 15, 59, 44), fill="red")
        picture.save(folder / "images" / f"{number}.png")
        objects = [{"category": "parcel", "bbox": [20, 15, 40, 30]}]
        if number % 2:
            objects.append({"category": "cloud", "bbox": [0, 0, 80, 10]})
        rows.append({"file": f"{number}.png", "width": 80, "height": 60, "objects": objects})
    (folder / "photos.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    return folder
