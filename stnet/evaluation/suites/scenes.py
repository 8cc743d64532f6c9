"""The scene suites, as the measurement sees them."""

from functools import lru_cache

from stnet.data.drawings.drawings import Drawings
from stnet.data.drawings.tracing import trace
from stnet.data.scenes.composing import GRID, Scene
from stnet.data.scenes.facts import facts
from stnet.data.suites import Query, SceneSuite
from stnet.evaluation.suites.base import Entry, KnownObject, SuiteQuery

_trace = lru_cache(maxsize=1024)(trace)


class SceneEntries:
    """A SceneSuite as a Suite; every scene is composed once, for its picture, its facts and its query."""

    def __init__(
        self,
        suite: SceneSuite,
        *,
        drawings: Drawings | None = None,
        complete: bool = True,
        side: int = GRID,
    ) -> None:
        """See the scenes of a suite.

        Args:
            drawings: those of the suite's sketcher.
            complete: False if the suite was cut short.
            side: of the pictures, in pixels, GRID or more. What is on them and what is asked stays the same.

        Raises:
            ValueError: if the pictures are to be smaller.
        """
        if side < GRID:
            raise ValueError(f"scenes have {GRID} pixels a side or more, got {side}")
        self._side = side
        self.name = suite.name
        self.complete = complete
        self._suite = suite
        self._drawings = drawings

    def __len__(self) -> int:
        return self._suite.size

    def entry(self, index: int) -> Entry:
        """Scene `index` with everything that is true of its objects."""
        scene = self._suite.scene(index, self._side)
        objects = tuple(
            KnownObject(thing.category, thing.box, frozenset(facts(scene, number)))
            for number, thing in enumerate(scene.objects)
        )
        asked = index < self._suite.query_count
        queries = (self._query(self._suite.query(index, scene), scene),) if asked else ()
        return Entry(scene.image, objects, queries)

    def _query(self, query: Query, scene: Scene) -> SuiteQuery:
        traced = query.sketch_source == "traced"
        return SuiteQuery(
            image=query.image,
            category=query.category,
            boxes=(query.box,),
            sketch=query.sketch,
            text=query.text,
            facts=query.facts,
            groups=self._groups(query),
            strokes=_trace(scene.objects[query.target].cut_out) if traced else None,
        )

    def _groups(self, query: Query) -> tuple[str, ...]:
        groups = [f"{query.sketch_source} sketches", f"{query.wording} wording"]
        if self._drawings is not None and self._drawings.has(query.category, held_out=True):
            # people draw some categories only: the fair comparison is among these
            groups.append(f"{query.sketch_source} sketches, categories with human drawings")
        return tuple(groups)
