"""A picture as the question: one of the gallery or a caller's own, alone, by a region, or with words."""

from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from stnet.gallery.encoding import embed
from stnet.gallery.gallery import Gallery
from stnet.gallery.patches import dequantize
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.search.results import SearchError

# How much the words count beside the picture. The cosines of the gallery's pictures with each other spread by
# 0.13, those with words by 0.08 (the gallery of photographs in assets/): so both have the same say.
WORDS = 1.7
NO_EXAMPLE = "Name one picture of the gallery by its id, or send a picture: one of both."
OUT_OF_GALLERY = -1  # the row of a picture that isn't the gallery's


class Example(NamedTuple):
    """The picture whose like is wanted.

    Attributes:
        patches: H, float32 (P, D).
        vector: as the index has it, float32 (D,), of length one.
        row: of the gallery, or OUT_OF_GALLERY.
    """

    patches: Tensor
    vector: np.ndarray
    row: int


def example_row(gallery: Gallery, id: str | None, image: object) -> int:
    """The row of the picture with this id; OUT_OF_GALLERY where there is an image instead.

    Raises:
        SearchError: if both or none are given, or the gallery has no such picture.
    """
    if (id is None) == (image is None):
        raise SearchError(NO_EXAMPLE)
    if id is None:
        return OUT_OF_GALLERY
    try:
        return gallery.row(id)
    except ValueError as error:
        raise SearchError(str(error)) from error


def stored_example(gallery: Gallery, row: int, device: torch.device) -> Example:
    """A picture of the gallery; nothing is encoded."""
    return Example(gallery.patch_features(np.array([row]))[0].to(device), gallery.vector(row), row)


def sent_example(model: STNetModel, processor: STNetProcessor, image: Image.Image) -> Example:
    """A caller's picture, encoded once, as the gallery's were.

    Raises:
        SearchError: if it can't be read, or the model makes nothing of it.
    """
    try:
        features = embed(model, processor, [image])
    except (OSError, SyntaxError, ValueError) as error:  # a lazily opened picture may be damaged
        raise SearchError(f"The picture can't be read: {error}") from error
    if not features.usable[0]:
        raise SearchError("The model makes no usable vector of this picture")
    patches = dequantize(features.levels, features.scales)[0]
    return Example(patches.to(next(model.parameters()).device), features.vectors[0], OUT_OF_GALLERY)


def with_words(vector: np.ndarray, words: Tensor) -> np.ndarray:
    """The direction whose cosines are in order as the picture's plus, WORDS times, those of the words.

    Both are exact: an index vector is V as a query of words alone sees the picture.

    Args:
        vector: the example's in the index, (D,), of length one.
        words: Q of a query of words alone, (D,).
    """
    wanted = words.float().cpu().numpy()
    return vector + WORDS * wanted / np.linalg.norm(wanted)
