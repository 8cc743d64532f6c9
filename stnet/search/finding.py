"""Which pictures of a gallery words find: each by words of its own, among the first results."""

from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F

from stnet.search.encoding import word_queries
from stnet.search.engine import SearchEngine


@torch.inference_mode()
def found_by_words(engine: SearchEngine, words: Mapping[int, str], first: int) -> list[int]:
    """The rows of the pictures that come among the `first` results of a search for their words.

    Args:
        words: by row of a picture of the engine's gallery.
    """
    if not words:
        return []
    with engine.computing():
        queries = F.normalize(word_queries(engine.loaded, list(words.values())), dim=-1).float().cpu().numpy()
    vectors = engine.gallery.vectors(np.arange(len(engine.gallery)))
    cosines = queries @ vectors.T
    own = cosines[np.arange(len(words)), list(words)]
    before = (cosines > own[:, None]).sum(1)
    return [row for row, better in zip(words, before.tolist(), strict=True) if better < first]
