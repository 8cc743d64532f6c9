"""Search a gallery with any system that can use what galleries store: STNET's patch features."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from stnet.checkpoint import LoadedModel
from stnet.gallery.gallery import Gallery
from stnet.search.query import check_count, read_query
from stnet.search.results import SearchError
from stnet.systems.registry import build_system, configured
from stnet.systems.serving import rank_gallery


@dataclass(frozen=True)
class Found:
    """A picture that a system found: `score` is the system's own, higher is better; `rank` 1 is the best."""

    rank: int
    id: str
    score: float
    metadata: dict[str, Any]


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
    ranked = rank_gallery(system, gallery, query, count)
    return [
        Found(place, gallery.id(int(row)), float(score), gallery.metadata(int(row)))
        for place, (row, score) in enumerate(zip(ranked.rows, ranked.scores, strict=True), 1)
    ]
