"""One training run, as a short YAML file describes it."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

STAGES = ("image", "sketch", "joint")


@dataclass(frozen=True)
class TrainConfig:
    """A run: what is trained, on what, how long, and how strongly each loss pulls.

    Attributes:
        stage: "image" (image tower: teacher's features, patch labels), "sketch" (sketch tower:
            classification, as the paper's first step) or "joint" (everything).
        output: folder of the checkpoint, the log and what is needed to resume.
        model: fields of STNetConfig for a model that starts from random weights.
        start: part of the model -> checkpoint folder that its weights come from ("all" for the whole model).
        steps: optimizer steps at most.
        minutes: wall-clock limit; the schedule runs over whichever of steps and minutes ends first.
        batch_size: pictures a step and process (sketches in the sketch stage).
        image_sizes: side of the pictures by progress, as [[0.0, 96], [0.7, 128]].
        photo_share: share of the batch that are photos.
        frozen: parts of the model that keep their weights.
        weights: factor of every loss; a loss that isn't named is off.
    """

    stage: str
    output: str
    model: dict[str, Any] = field(default_factory=dict)
    start: dict[str, str] = field(default_factory=dict)
    steps: int = 1_000
    minutes: float | None = None
    batch_size: int = 32
    queries_per_image: int = 2
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    warmup: float = 0.03
    final_rate: float = 0.02
    gradient_clip: float = 2.0
    mixed_precision: str = "no"
    image_sizes: list[list[float]] = field(default_factory=list)
    bank: str | None = None
    drawings: str | None = None
    photos: str | None = None
    photo_share: float = 0.0
    teacher: str | None = None
    frozen: list[str] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    workers: int = 1
    threads: int | None = None
    seed: int = 0
    log_every: int = 20
    save_minutes: float = 5.0

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise ValueError(f"stage must be one of {', '.join(STAGES)}; got {self.stage!r}")
        if self.steps < 1 or self.batch_size < 1:
            raise ValueError(f"steps and batch_size must be positive, got {self.steps} and {self.batch_size}")
        if not 0 <= self.photo_share <= 1:
            raise ValueError(f"photo_share must lie in 0..1, got {self.photo_share}")

    @classmethod
    def read(cls, path: str | Path, changes: dict[str, Any] | None = None) -> "TrainConfig":
        """Read a YAML file; `changes` win over it.

        Raises:
            ValueError: if it can't be read or has a field that doesn't exist.
        """
        try:
            values = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise ValueError(f"can't read the training configuration {path}: {error}") from error
        if not isinstance(values, dict):
            raise ValueError(
                f"{path} must hold fields of a run (stage, output, ...), got {type(values).__name__}"
            )
        values |= changes or {}
        known = {entry.name for entry in fields(cls)}
        unknown = sorted(values.keys() - known)
        if unknown:
            raise ValueError(f"{path}: unknown fields {unknown}; known are {sorted(known)}")
        return cls(**values)

    def image_size_at(self, progress: float, default: int) -> int:
        """Side of the pictures at `progress` in 0..1, in pixels."""
        sizes = [int(size) for start, size in self.image_sizes if progress >= start]
        return sizes[-1] if sizes else default
