"""What the frozen convolutions make of crops: every thing that the shared pool's batches ask for, cut out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from stnet.evaluation.suites.crops import crop_to
from stnet.model.processing import STNetProcessor
from stnet.systems.concat.system import BackboneEncoder, sizes_of
from stnet.systems.shared.pool import SharedPool
from stnet.training.batches.examples import ExampleSource
from stnet.training.batches.pictures import PictureSource
from stnet.training.batches.pool import PooledExamples
from stnet.training.build import prepare
from stnet.training.config import POOLS, RunError, TrainConfig

FOLDER, VECTORS = "crops", "fine.npy"  # below the pool's; the file is named by PooledExamples
CLOSE = 1e-5  # of boxes, in parts of the picture


def make_crops(pool: SharedPool) -> None:
    """Make the pool's pictures anew, the same by their seed, and encode the crops that its batches ask for.

    The folder `crops` of the pool gets a vector for each picture and object.

    Raises:
        RunError: if other pictures come out than the pool has: data or code have changed since.
        ValueError, OSError: if data that the pictures are made of are missing.
    """
    config = TrainConfig(**pool.made_of)
    # the pool's examples without what costs: another stage of the same data
    no_pools: dict[str, Any] = dict.fromkeys(POOLS, 0)
    plain = replace(config, stage="image", **no_pools)
    source = prepare(plain).source
    assert isinstance(source, PictureSource) and isinstance(source.examples, ExampleSource)
    write_crops(pool, config, source.examples)


def write_crops(pool: SharedPool, config: TrainConfig, examples: ExampleSource) -> None:
    """The same with the source of the examples that the pool was made of."""
    pooled = PooledExamples(
        examples, config.pooled_scenes, config.pooled_photos, config.pooled_captions, config.hard_negatives
    )
    encoder = CropEncoder(asked_boxes(pool), BackboneEncoder(pool.model), pool.processor)
    pooled.fill(np.random.default_rng(config.seed), encoder, pool.folder / FOLDER, str(len(pool)))
    for made in pooled.made.values():
        for example in made:
            assert example.row is not None  # what a pool gives its examples
            for number, box in encoder.boxes.get(example.row, {}).items():
                known = example.boxes[number : number + 1]
                if not len(known) or np.abs(known - box).max() > CLOSE:
                    raise RunError(f"picture {example.row} isn't the pool's: make the pool anew")


def read_crops(pool: SharedPool) -> np.ndarray:
    """Vectors of crops by picture and object, (N, K, picture) float16; zeros where nobody asks.

    Raises:
        ValueError: if they haven't been made.
    """
    path = pool.folder / FOLDER / VECTORS
    try:
        vectors: np.ndarray = np.load(path, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path} holds no crops ({error}): make them with `python -m stnet.systems.make_crops`"
        ) from error
    return vectors


def asked_boxes(pool: SharedPool) -> dict[int, dict[int, np.ndarray]]:
    """By picture and object, x0, y0, x1, y1 in 0..1 of what batches ask for; empty boxes mean the whole."""
    found: dict[int, dict[int, np.ndarray]] = {}
    for number in range(len(pool)):
        batch = pool.batch(number)
        assert batch.pictures.rows is not None
        for image, thing in zip(batch.query_image.tolist(), batch.query_object.tolist(), strict=True):
            box = batch.pictures.object_box[image, thing].numpy()
            found.setdefault(int(batch.pictures.rows[image]), {})[thing] = box
    return found


class CropEncoder:
    """Encodes the asked crops of pictures that come in the order of their rows, some at a time.

    Attributes:
        boxes: by row and object.
    """

    def __init__(
        self,
        boxes: dict[int, dict[int, np.ndarray]],
        encoder: BackboneEncoder,
        processor: STNetProcessor,
    ) -> None:
        self.boxes, self._encoder, self._processor, self._next = boxes, encoder, processor, 0
        self._objects = 1 + max((thing for things in boxes.values() for thing in things), default=0)
        self._width = sizes_of(encoder.model, 1).picture

    @torch.inference_mode()
    def __call__(self, pixels: np.ndarray) -> tuple[Tensor, Tensor]:
        """(n, S, S, 3) uint8 -> vectors (n, K, picture), and how many each picture has (n, 1)"""
        first, self._next = self._next, self._next + len(pixels)
        places = [
            (row, thing) for row in range(len(pixels)) for thing in sorted(self.boxes.get(first + row, {}))
        ]
        counts = torch.zeros(len(pixels), 1)
        vectors = torch.zeros(len(pixels), self._objects, self._width)
        if places:
            crops = [self._crop(pixels[row], self.boxes[first + row][thing]) for row, thing in places]
            for place, vector in zip(places, self._encode(crops), strict=True):
                vectors[place] = vector
                counts[place[0]] += 1
        return vectors, counts

    def _crop(self, pixels: np.ndarray, box: np.ndarray) -> Image.Image:
        x0, y0, x1, y1 = (float(number) for number in box)
        whole = x1 <= x0 or y1 <= y0  # nobody knows where it is
        return Image.fromarray(pixels if whole else crop_to(pixels, (x0, y0, x1, y1)))

    def _encode(self, crops: Sequence[Image.Image]) -> Tensor:
        return self._encoder.pictures(self._processor.images(crops))
