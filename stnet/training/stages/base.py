"""What all stages share: the model and what trains it, the batches, and which weights learn."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic

from torch import Tensor, nn

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import AnyBatch
from stnet.training.batches.stream import BatchSource, batch_loader
from stnet.training.config import RunError, TrainConfig
from stnet.training.heads import TrainingHeads


class Stage(nn.Module, Generic[AnyBatch]):
    """A module whose forward turns a batch into named losses; the loop weighs them as the configuration says.

    Attributes:
        parts: parts of the model that learn (and of the heads the classifier); empty: everything learns.
        source: makes the batches, in worker processes if the configuration has any.
    """

    parts: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        model: STNetModel,
        processor: STNetProcessor,
        config: TrainConfig,
        source: BatchSource[AnyBatch],
    ) -> None:
        super().__init__()
        self.model, self.processor, self.config, self.source = model, processor, config, source
        self.heads = TrainingHeads(model.config.projection_dim, len(model.config.categories))
        if self.parts:
            for name, parameter in model.named_parameters():
                parameter.requires_grad_(name.startswith(self.parts))
            for parameter in (*self.heads.reconstruct.parameters(), self.heads.focus):
                parameter.requires_grad_(False)

    def forward(self, batch: AnyBatch) -> dict[str, Tensor]:
        """Losses and measures by name, scalars; a measure is what no configuration gives a weight."""
        raise NotImplementedError

    def batches(self, process: int, first: int) -> Iterable[AnyBatch]:
        """Endless batches of process number `process`, from number `first` on."""
        return batch_loader(self.source, self.config.workers, self.config.seed + 1_000 * process, first)

    def set_progress(self, progress: float) -> None:
        """How much of the run is over, in 0..1: pictures grow as the configuration says."""
        self.source.set_image_size(self.config.image_size_at(progress, self.model.config.image_size))

    def freeze(self, parts: Sequence[str]) -> None:
        """Let parts of the model keep their weights ("classifier": of the heads' one).

        Raises:
            RunError: if the model has no such part.
        """
        for part in parts:
            self.part(part, "frozen").requires_grad_(False)

    def part(self, path: str, field: str) -> nn.Module | nn.Parameter:
        """A part of the model by its path ("image_tower.backbone"), or the classifier.

        Raises:
            RunError: naming the configuration's `field`, if the model has no such part.
        """
        found: object = self.heads if path == "classifier" else self.model
        for name in path.replace("classifier", "classify").split("."):
            found = getattr(found, name, None)
        if not isinstance(found, nn.Module | nn.Parameter):
            raise RunError(f"{field}: the model has no part {path!r}")
        return found
