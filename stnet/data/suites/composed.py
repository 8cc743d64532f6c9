"""Fixed suites of scenes and queries: scenes-1k, scenes-5k, scenes-open, shapes and the demo's gallery.

``python -m stnet.data.suites --suite gallery --bank data/bank --size 192 --out FOLDER`` writes pictures.

Every scene, text and sketch comes from its own stream of random numbers, fixed by the suite's seed and the
number of the scene. Scene i can be made alone; texts are the same with and without human drawings.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from stnet.boxes import Box
from stnet.data.categories import CategorySplit, load_split
from stnet.data.drawings.drawings import Sketcher
from stnet.data.gallery_photos.writing import CREDITS_FILE, credits_table
from stnet.data.objects import ObjectBank, shapes_bank
from stnet.data.scenes.backdrops import Backdrops
from stnet.data.scenes.composing import GRID, Scene, compose
from stnet.data.scenes.facts import Fact
from stnet.data.words.wording import describe_with_facts

HELD_OUT_WORDING_SHARE = 0.2
HUMAN_SHARE = 0.5
NOTICE_FILE = "NOTICE.txt"
CREDIT = {"author": "Tux Paint", "licence": "GPL-2", "url": "https://tuxpaint.org/"}  # of the things
CREDIT_FIELDS = ("title", "author", "licence", "url")  # of a photograph behind them
_SCENE_STREAM, _TEXT_STREAM, _SKETCH_STREAM, _WORDING_STREAM = range(4)


@dataclass(frozen=True)
class _Plan:
    """`queries` of the `images` are asked about; the targets come from these parts of the split."""

    seed: int
    images: int
    queries: int
    targets: str  # "seen", "unseen" or "all"
    others: str


_PLANS = {
    "scenes-1k": _Plan(seed=1001, images=1000, queries=1000, targets="seen", others="seen"),
    "scenes-5k": _Plan(seed=5005, images=5000, queries=4000, targets="seen", others="seen"),
    "scenes-open": _Plan(seed=2002, images=1000, queries=1000, targets="unseen", others="seen"),
    "shapes": _Plan(seed=4004, images=300, queries=300, targets="seen", others="seen"),
    "gallery": _Plan(seed=3003, images=1000, queries=0, targets="all", others="all"),
}
SUITES: tuple[str, ...] = tuple(_PLANS)


@dataclass(frozen=True, eq=False)
class Query:
    """One question: a drawing and words; the answer is object `target` of scene `image`.

    `box`: its visible part, x0, y0, x1, y1 in 0..1. `sketch`: (128, 128) uint8, ink high. `sketch_source`:
    "human" or "traced". `wording`: "training" or "held-out". `facts`: what `text` states.
    """

    image: int
    target: int
    category: str
    box: Box
    text: str
    sketch: np.ndarray
    sketch_source: str
    wording: str
    facts: tuple[Fact, ...]


class SceneSuite:
    """A fixed gallery of `size` scenes and the queries asked of it."""

    def __init__(
        self,
        name: str,
        bank: ObjectBank,
        sketcher: Sketcher,
        *,
        seed: int,
        images: int,
        queries: int,
        targets: Sequence[str],
        others: Sequence[str],
        backdrops: Backdrops | None = None,
    ):
        self.name = name
        self.size = images
        self._bank = bank
        self._sketcher = sketcher
        self._seed = seed
        self.query_count = queries
        self._targets = tuple(targets)
        self._others = tuple(others)
        self._backdrops = backdrops

    def __len__(self) -> int:
        return self.size

    def scene(self, index: int, size: int = GRID) -> Scene:
        """Scene `index`, `size` pixels square. Raises IndexError outside 0..size - 1 of the suite."""
        if not 0 <= index < self.size:
            raise IndexError(f"{self.name} has scenes 0..{self.size - 1}, there is no scene {index}")
        return compose(
            self._bank,
            self._stream(index, _SCENE_STREAM),
            size=size,
            categories=self._others,
            targets=self._targets,
            held_out=True,
            backdrops=self._backdrops,
        )

    @cached_property
    def queries(self) -> list[Query]:
        """One query for each of the first scenes, in their order; made on first use."""
        return [self.query(index) for index in range(self.query_count)]

    def query(self, index: int, scene: Scene | None = None) -> Query:
        """The query about scene `index`: about the first of its objects. Pass the scene if you have it."""
        if not 0 <= index < self.query_count:
            raise IndexError(f"{self.name} has queries 0..{self.query_count - 1}, there is no query {index}")
        scene = scene or self.scene(index)
        target = scene.objects[0]
        held_out = bool(self._stream(index, _WORDING_STREAM).random() < HELD_OUT_WORDING_SHARE)
        text, stated = describe_with_facts(scene, 0, self._stream(index, _TEXT_STREAM), held_out=held_out)
        sketch, source = self._sketcher.sketch(
            target.cut_out, self._stream(index, _SKETCH_STREAM), held_out=True, human=HUMAN_SHARE
        )
        return Query(
            image=index,
            target=0,
            category=target.category,
            box=target.box,
            text=text,
            sketch=sketch,
            sketch_source=source,
            wording="held-out" if held_out else "training",
            facts=stated,
        )

    def _stream(self, index: int, stream: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, index, stream])


def suite_objects(name: str, bank: Path) -> tuple[ObjectBank, CategorySplit]:
    """What the suite called `name` is composed of: the bank in the folder, or the shapes drawn in code.

    Raises FileNotFoundError or ValueError when the folder holds no bank.
    """
    if name == "shapes":
        shapes = shapes_bank()
        return shapes, CategorySplit(seen=shapes.categories)
    return ObjectBank.load(bank), load_split()


def scene_suite(
    name: str,
    bank: ObjectBank,
    sketcher: Sketcher,
    split: CategorySplit,
    *,
    images: int | None = None,
    backdrops: Backdrops | None = None,
) -> SceneSuite:
    """The suite called `name`, one of SUITES.

    `images`: take only the first so many scenes, and their queries (for tests and quick looks).
    `backdrops`: photographs for places; for the gallery alone, since suites with queries stay what they are.
    Raises ValueError for an unknown name, no images, or a bank that lacks a category of the split.
    """
    if name not in _PLANS:
        raise ValueError(f"unknown suite {name!r}; expected one of {', '.join(SUITES)}")
    if images is not None and images < 1:
        raise ValueError(f"a suite needs one image or more, got images={images}")
    plan = _PLANS[name]
    if backdrops is not None and plan.queries:
        raise ValueError(f"{name} is measured on painted places: only the gallery has photographs behind")
    parts = {"seen": split.seen, "unseen": split.unseen, "all": split.names}
    missing = sorted(set(parts[plan.targets] + parts[plan.others]) - set(bank.categories))
    if missing:
        raise ValueError(
            f"{name} needs {len(missing)} categories that the bank lacks: {', '.join(missing[:8])}; "
            "make the bank again with: python -m stnet.data.objects --out data/bank"
        )
    size = plan.images if images is None else min(images, plan.images)
    return SceneSuite(
        name,
        bank,
        sketcher,
        seed=plan.seed,
        images=size,
        queries=min(plan.queries, size),
        targets=parts[plan.targets],
        others=parts[plan.others],
        backdrops=backdrops,
    )


def export(
    suite: SceneSuite, out: Path, *, size: int, file_type: str = "webp", notice: Path | None = None
) -> None:
    """Write the scenes as pictures with a metadata.jsonl beside them, as `datasets` reads an image folder.

    Where photographs stand behind scenes, CREDITS.md names their makers.
    `file_type`: "webp" or "png". `notice`: a file about rights that is copied beside the pictures.
    """
    out.mkdir(parents=True, exist_ok=True)
    behind: dict[str, dict[str, str]] = {}
    with (out / "metadata.jsonl").open("w", encoding="utf-8") as metadata:
        for index in range(suite.size):
            scene = suite.scene(index, size)
            file_name = f"{index:05d}.{file_type}"
            picture = Image.fromarray(scene.image)
            if file_type == "webp":
                picture.save(out / file_name, quality=90, method=4)
            else:
                picture.save(out / file_name)
            objects = {
                "category": [thing.category for thing in scene.objects],
                "box": [[round(edge, 4) for edge in thing.box] for thing in scene.objects],
            }
            row = {"file_name": file_name, "place": scene.place, "light": scene.light, "objects": objects}
            if scene.backdrop is not None:
                behind[scene.backdrop.path.name] = credit = scene.backdrop.credit
                row["background"] = {name: credit[name] for name in CREDIT_FIELDS if name in credit}
            metadata.write(json.dumps(row | CREDIT, ensure_ascii=False) + "\n")
    if any(behind.values()):
        (out / CREDITS_FILE).write_text(
            credits_table(behind[name] for name in sorted(behind)), encoding="utf-8"
        )
    if notice is not None:
        shutil.copyfile(notice, out / NOTICE_FILE)
