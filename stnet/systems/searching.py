"""Search a gallery with any system that can use what galleries store: STNET's patch features."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from stnet.checkpoint import LoadedModel
from stnet.gallery.gallery import Gallery
from stnet.search.query import check_count, read_query
from stnet.search.results import SearchError
from stnet.systems.registry import build_system, configured


@dataclass(frozen=True)
class Found:
    """A picture that a system found: `score` is the system's own, higher is better; `rank` 1 is the best."""

    rank: int
    id: str
    score: float
    metadata: dict[str, Any]


@torch.inference_mode()
def search_with(
    name: str,
    loaded: LoadedModel,
    gallery: Gallery,
    sketch: Image.Image | str | Path | None,
    text: str | None,
    top_k: int,
) -> list[Found]:
    """Rank every picture of the gallery with the system `name`, and give the first `top_k`.

    Raises:
        ValueError: if there is no such system, it needs features that galleries don't hold, or the gallery
            belongs to another model.
        SearchError: if the system doesn't answer such a query, or it can't be read.
    """
    gallery.refuse_other_model(loaded.fingerprint, loaded.name)
    if not configured(name)[0].searches_galleries:
        raise ValueError(
            f"the system {name} searches features of its own, which a gallery does not hold: measure it with "
            f"`python -m stnet.evaluate --system {name}`"
        )
    system = build_system(name, loaded)
    count, query = check_count(top_k, gallery), read_query(loaded.processor, sketch, text)
    if query.mode not in system.asks:
        raise SearchError(f"The system {name} answers {' or '.join(system.asks)}; this query is {query.mode}")
    drawn = None if query.sketch is None else system.encoder.sketches(query.sketch)
    asked = system.queries(drawn, [query.text] if query.tokens is not None else None)
    stored = gallery.patch_features(np.arange(len(gallery))).to(loaded.model.device)
    scores = system.scores(asked, system.index(stored))[0].cpu().numpy()
    best = np.lexsort((np.arange(len(scores)), -scores))[:count]
    return [
        Found(rank, gallery.id(row), float(scores[row]), gallery.metadata(row))
        for rank, row in enumerate(best.tolist(), 1)
    ]
