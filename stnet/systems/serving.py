"""The systems that search what galleries store, for who serves: none of them needs anything of training.

A server imports this module alone of the room, and when somebody compares for the first time.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from stnet.checkpoint import LoadedModel
from stnet.gallery.gallery import Gallery
from stnet.search.query import Query
from stnet.search.ranking import Ranked, rank
from stnet.search.results import SearchError
from stnet.systems.average import Average
from stnet.systems.interface import Modality, System
from stnet.systems.sketch_only import SketchOnly
from stnet.systems.stnet import STNetSystem
from stnet.systems.text_only import TextOnly
from stnet.systems.towers import TowerSystem
from stnet.systems.two_stage import TwoStage
from stnet.systems.two_stage_description import TwoStageDescription

SERVED: Mapping[str, type[TowerSystem]] = {
    "stnet": STNetSystem,
    "two-stage": TwoStage,
    "two-stage-description": TwoStageDescription,
    "average": Average,
    "text-only": TextOnly,
    "sketch-only": SketchOnly,
}


def serve(name: str, loaded: LoadedModel) -> TowerSystem:
    """The system over a checkpoint's networks.

    Raises:
        SearchError: if it isn't one of SERVED.
        ValueError: if the checkpoint lacks what the system needs.
    """
    if name not in SERVED:
        raise SearchError(f"There is no system {str(name)[:80]!r}; there are {', '.join(SERVED)}")
    return SERVED[name].build(loaded, {})


def readable(system: System, mode: str) -> Modality | None:
    """What the system takes of a query of this mode: all, or the half that it asks by; None for nothing."""
    whole: list[Modality] = [kind for kind in system.asks if kind == mode]
    halves: list[Modality] = [kind for kind in system.asks if kind in mode.split("+")]
    return next(iter(whole + halves), None)


def halved(query: Query, kind: Modality) -> Query:
    """The query without what the kind leaves out."""
    if kind == "text":
        return replace(query, sketch=None, things=())
    return replace(query, tokens=None, text="", truncated=False) if kind == "sketch" else query


@torch.inference_mode()
def rank_gallery(
    system: System, gallery: Gallery, query: Query, count: int, *, at_a_time: int | None = None
) -> Ranked:
    """Score every picture of the gallery, and give the best `count`.

    Args:
        query: of a kind in the system's `asks`.
        at_a_time: pictures whose features are in memory together, for systems that score each picture by
            itself, as SERVED do; None for all.
    """
    drawn = None if query.sketch is None else system.encoder.sketches(query.sketch)
    asked = system.queries(drawn, [query.text] if query.tokens is not None else None)
    device = next(iter(asked.values())).device
    rows, scores = np.arange(len(gallery)), []
    for start in range(0, len(rows), at_a_time or len(rows)):
        stored = gallery.patch_features(rows[start : start + (at_a_time or len(rows))]).to(device)
        scores.append(system.scores(asked, system.index(stored))[0].float().cpu())
    return rank(gallery, rows, torch.cat(scores).numpy(), count)
