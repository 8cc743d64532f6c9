"""One training run, as a short YAML file describes it."""

import math
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from stnet.training.inheriting import read_fields

STAGES = ("image", "sketch", "joint", "match")
PRECISIONS = ("no", "bf16", "fp16")
SHARES = (
    "photo_share",
    "photo_texts",
    "named_texts",
    "hard_negatives",
    "copy_paste",
    "careless_sketches",
    "caption_share",
)
POOLS = ("pooled_scenes", "pooled_photos", "pooled_captions", "pooled_sketches")
OTHER_DATA = ("bank", "backdrops", "drawings", "photos", "pictograms", "teacher", "recogniser", *SHARES)
NETWORKS = ("image_network", "sketch_network", "text_network")  # that `start` may name together
SIZE_STEP = 32  # the small image tower halves pictures five times


class RunError(ValueError):
    """A run that can't be done as configured. The text is for the person who wrote the configuration."""


@dataclass(frozen=True)
class TrainConfig:
    """A run: what is trained, on what, how long, and how strongly each loss pulls.

    Attributes:
        stage: "image" (image tower: teacher's features, patch labels), "sketch" (sketch tower:
            classification, as the paper's first step), "joint" (everything) or "match" (sketch tower:
            against pictures that don't change).
        output: folder of the checkpoint, the log and what is needed to resume.
        model: fields of STNetConfig for a model that starts from random weights. Beside `start: {all: ...}`
            they change that model, and what they shape or set starts anew.
        start: part of the model -> run that its weights come from ("all": the whole model; "heads": the
            training heads, which a run keeps beside its checkpoint); or "clip": a folder or Hub id of a CLIP
            checkpoint that the towers and the tokenizer come from (see STNetModel.from_clip); or
            "image_network", "sketch_network" and "text_network": folders of networks that were trained apart
            (see STNetModel.from_pretrained_towers).
        steps: optimizer steps at most.
        epochs: with `cstbir`: as many steps as go that often through all its sketches (sketch stage) or
            queries (joint stage), drawn at random.
        minutes: wall-clock limit; the schedule runs over whichever of steps and minutes ends first.
        batch_size: pictures a batch and process (sketches in the sketch stage).
        accumulate: batches a step: their gradients are averaged, so that a large batch fits a small memory.
            A query meets the negatives of its own batch (of all processes) only, not those of the others.
        ema: decay of the moving average of the weights, say 0.999; the checkpoint then holds the average.
            None: the weights themselves.
        warmup: share of the run in which the rate rises; `warmup_steps` says it in steps.
        image_sizes: side of the pictures by progress, as [[0.0, 96], [0.7, 128]].
        cstbir: folder of the paper's data (stnet/data/cstbir.py), to train on its split "train" instead of
            scenes and photos.
        backdrops: folder of photographs, some of which stand in for the painted places of scenes: images/ of
            what stnet.data.gallery_photos makes.
        photo_share: share of the batch that are photos.
        photo_texts: share of the joint stage's queries about photos that have words; the others are drawings
            alone.
        named_texts: share of the joint stage's queries whose words name the thing, too.
        hard_negatives: share of the joint stage's scenes that come in groups of four, two objects at two
            places, which only a drawing and words together tell apart.
        copy_paste: share of the pictures, scenes and photos, with a boxed object of a photo pasted in front.
        careless_sketches: chance that a drawing of the sketch stage is turned, and that it is unfinished.
        caption_share: share of the joint stage's batch that are photos with captions or labels.
        pooled_scenes, pooled_photos, pooled_captions, pooled_sketches: how many pictures of each kind, and
            drawings of each category, are made and encoded before the joint stage's first step, because
            "image_tower.backbone" and "sketch_tower" are frozen. All 0: every batch is made anew.
            The match stage has pooled_scenes and pooled_photos alone, and needs no tower frozen.
        pictograms: folder of emoji and clip art (see stnet.data.pictograms) for the match stage: they stand
            in its scenes beside the bank's things, and are drawn, too.
        recogniser: folder of EfficientNet-Lite0 and its classifier (see stnet.training.pretrained): the names
            of its classes teach words alone, in the joint stage on pictures in pixels.
        slow: part of the model -> factor on its learning rate.
        frozen: parts of the model that keep their weights; "classifier" is the heads' one. Towers that train
            apart under the same frozen classifier learn to name things in the same directions of the shared
            space, so that they agree before they meet.
        weights: factor of every loss; a loss that isn't named is off.
        label_smoothing: share of the target that the joint stage's contrastive losses spread over the batch,
            0.2 in SketchScape; 0: none.
    """

    stage: str
    output: str
    model: dict[str, Any] = field(default_factory=dict)
    start: dict[str, str] = field(default_factory=dict)
    steps: int = 1_000
    epochs: float | None = None
    minutes: float | None = None
    batch_size: int = 32
    accumulate: int = 1
    ema: float | None = None
    queries_per_image: int = 2
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    warmup: float = 0.03
    warmup_steps: int | None = None
    final_rate: float = 0.02
    gradient_clip: float = 2.0
    mixed_precision: str = "no"
    image_sizes: list[list[float]] = field(default_factory=list)
    bank: str | None = None
    backdrops: str | None = None
    drawings: str | None = None
    photos: str | None = None
    pictograms: str | None = None
    cstbir: str | None = None
    photo_share: float = 0.0
    photo_texts: float = 0.0
    named_texts: float = 0.0
    hard_negatives: float = 0.0
    copy_paste: float = 0.0
    careless_sketches: float = 0.0
    caption_share: float = 0.0
    pooled_scenes: int = 0
    pooled_photos: int = 0
    pooled_captions: int = 0
    pooled_sketches: int = 0
    teacher: str | None = None
    recogniser: str | None = None
    frozen: list[str] = field(default_factory=list)
    slow: dict[str, float] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    label_smoothing: float = 0.0
    workers: int = 1
    threads: int | None = None
    seed: int = 0
    log_every: int = 20
    save_minutes: float = 5.0

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if not _is_a(value, entry.type):
                raise RunError(
                    f"{entry.name} must be {_name(entry.type)}, got {value!r} "
                    "(YAML takes 1e-3 for text, 1.0e-3 for a number)"
                )
        self._require("stage", self.stage in STAGES, f"one of {', '.join(STAGES)}")
        self._require(
            "mixed_precision", self.mixed_precision in PRECISIONS, f"one of {', '.join(PRECISIONS)}"
        )
        for name in ("steps", "batch_size", "accumulate", "queries_per_image", "log_every"):
            self._require(name, getattr(self, name) >= 1, "1 or more")
        for name in ("minutes", "epochs", "threads"):
            value = getattr(self, name)
            self._require(name, value is None or value > 0, "positive")
        for name in ("learning_rate", "gradient_clip", "save_minutes"):
            self._require(name, getattr(self, name) > 0, "positive")
        for name in ("weight_decay", "workers", *POOLS):
            self._require(name, getattr(self, name) >= 0, "0 or more")
        for name in (*SHARES, "final_rate"):
            self._require(name, 0 <= getattr(self, name) <= 1, "in 0..1")
        self._require("ema", self.ema is None or 0 < self.ema < 1, "between 0 and 1")
        self._require("label_smoothing", 0 <= self.label_smoothing < 1, "in 0..1, below 1")
        self._require("warmup", 0 <= self.warmup < 1, "in 0..1, below 1")
        self._require("warmup_steps", self.warmup_steps is None or self.warmup_steps >= 0, "0 or more")
        self._check_combinations()
        fit = all(len(pair) == 2 and pair[1] > 0 and pair[1] % SIZE_STEP == 0 for pair in self.image_sizes)
        self._require("image_sizes", fit, f"pairs of progress and a size that is a multiple of {SIZE_STEP}")

    def _check_combinations(self) -> None:
        others = [name for name in OTHER_DATA if getattr(self, name)]
        if self.cstbir and (others or self.stage == "image"):
            raise RunError(
                "cstbir is for the sketch and the joint stage, and no other data goes with it; got the stage "
                f"{self.stage} and {', '.join(others) or 'nothing else'}"
            )
        if self.stage == "match":
            self._check_match()
            return
        if self.pictograms:
            raise RunError("pictograms is for the match stage: no other has names for them")
        pools = [name for name in POOLS if getattr(self, name)]
        needed = {"sketch_tower", "image_tower.backbone"}
        if pools and (self.stage != "joint" or self.cstbir or not needed <= {*self.frozen}):
            raise RunError(
                f"{pools[0]} is for the joint stage on scenes and photos, with {sorted(needed)} frozen"
            )
        if pools and len(pools) < len(POOLS):
            raise RunError(f"{', '.join(POOLS)} go together, got {', '.join(pools)} alone")
        if self.recogniser and (self.stage != "joint" or pools):
            raise RunError("recogniser is for the joint stage without pools: it looks at pictures in pixels")
        self._check_limits()

    def _check_match(self) -> None:
        """What the match stage needs; the others' pools and data aren't its."""
        given = [name for name in ("drawings", "pooled_scenes") if getattr(self, name)]
        if len(given) < 2 or "all" not in self.start:
            raise RunError("the match stage needs drawings, pooled_scenes and `start: {all: ...}`")
        others = [name for name in (*POOLS[2:], "recogniser", "teacher", "cstbir") if getattr(self, name)]
        if others:
            raise RunError(f"{', '.join(others)}: not for the match stage")
        self._check_limits()

    def _check_limits(self) -> None:
        if self.epochs and not self.cstbir:
            raise RunError("epochs need cstbir: scenes have no end; say how many steps or minutes")
        networks = [name for name in NETWORKS if name in self.start]
        origins = [name for name in ("all", "clip", *networks[:1]) if name in self.start]
        if len(origins) > 1:
            raise RunError(f"start: a model comes from one of `{'`, `'.join(origins)}`, not from several")
        if networks and len(networks) < len(NETWORKS):
            raise RunError(f"start: {', '.join(NETWORKS)} go together, got {', '.join(networks)} alone")
        if self.warmup_steps is not None and self.minutes:
            raise RunError("warmup_steps needs a run of steps or epochs; with minutes, say warmup as a share")

    @property
    def warmup_share(self) -> float:
        """Share of the run in which the rate rises; above 1 the run ends before it is at its highest."""
        return self.warmup if self.warmup_steps is None else self.warmup_steps / self.steps

    def with_epochs(self, examples: int, processes: int) -> "TrainConfig":
        """The run with its epochs as steps, for so many examples an epoch; itself if it has no epochs."""
        if self.epochs is None:
            return self
        steps = math.ceil(self.epochs * examples / (self.batch_size * self.accumulate * processes))
        return replace(self, steps=steps, epochs=None)

    def limited(self, steps: int | None, minutes: float | None, output: str | None = None) -> "TrainConfig":
        """The run with other limits, or in another folder; None keeps what it has. Steps win over epochs."""
        given = {"steps": steps, "minutes": minutes, "output": output}
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        return replace(self, **changes | ({"epochs": None} if steps is not None else {}))

    def _require(self, name: str, fulfilled: bool, expected: str) -> None:
        if not fulfilled:
            raise RunError(f"{name} must be {expected}; got {getattr(self, name)!r}")

    @classmethod
    def read(cls, path: str | Path) -> "TrainConfig":
        """Read a YAML file, with what it inherits.

        Raises:
            RunError: if it can't be read, lacks a field, or has one that doesn't exist or makes no sense.
        """
        try:
            values = read_fields(Path(path))
        except ValueError as error:
            raise RunError(str(error)) from error
        known = {entry.name for entry in fields(cls)}
        unknown = sorted(str(name) for name in values.keys() - known)
        if unknown:
            raise RunError(f"{path}: unknown fields {unknown}; known are {sorted(known)}")
        missing = [name for name in ("stage", "output") if name not in values]
        if missing:
            raise RunError(f"{path}: {' and '.join(missing)} must be given")
        try:
            return cls(**values)
        except RunError as error:
            raise RunError(f"{path}: {error}") from error

    def image_size_at(self, progress: float, default: int) -> int:
        """Side of the pictures at `progress` in 0..1, in pixels."""
        sizes = [int(size) for start, size in self.image_sizes if progress >= start]
        return sizes[-1] if sizes else default


def _is_a(value: Any, kind: Any) -> bool:
    """Whether a value from a file is what a field's annotation says; whole numbers are numbers, too."""
    if kind is Any:
        return True
    if get_origin(kind) is UnionType:
        return any(_is_a(value, part) for part in get_args(kind))
    if get_origin(kind) is list:
        return isinstance(value, list) and all(_is_a(part, get_args(kind)[0]) for part in value)
    if get_origin(kind) is dict:
        key, content = get_args(kind)
        return isinstance(value, dict) and all(_is_a(k, key) and _is_a(v, content) for k, v in value.items())
    if kind in (int, float):
        allowed = int if kind is int else (int, float)
        return isinstance(value, allowed) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, kind)


def _name(kind: Any) -> str:
    """A field's annotation in words: "a number or nothing"."""
    if get_origin(kind) is UnionType:
        return " or ".join(_name(part) for part in get_args(kind))
    plain = {int: "a whole number", float: "a number", str: "text", NoneType: "nothing"}
    return plain.get(kind, str(kind))
