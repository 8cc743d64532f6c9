"""The match stage and its pictures: of the bank's things and pictograms, and photos, all encoded once."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from stnet.data.categories import CategorySplit
from stnet.data.drawings.drawings import Drawings
from stnet.data.objects import ObjectBank
from stnet.data.photos import Photo
from stnet.data.pictograms.pictograms import Pictograms, beside
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.examples import Example, ExampleSource, example_source
from stnet.training.batches.kept_pictures import KeptPictures, keep_pictures
from stnet.training.batches.matches import MatchSource
from stnet.training.batches.thing_sketches import ThingSketches
from stnet.training.config import RunError, TrainConfig
from stnet.training.naming import names_to_learn
from stnet.training.stages.digest import digest, frozen
from stnet.training.stages.match import MatchStage

KNOWN, OTHERS = 6, 8  # categories that a scene draws from: of the bank's, of pictograms alone


def match_stage(
    model: STNetModel,
    processor: STNetProcessor,
    config: TrainConfig,
    bank: ObjectBank,
    photos: list[Photo],
    drawings: Drawings | None,
    split: CategorySplit,
) -> MatchStage:
    """The match stage with as many pictures as the configuration says.

    Raises:
        RunError: if there are no drawings, or too few pictures for a batch.
        ValueError, OSError: if the pictograms can't be read.
    """
    if drawings is None:
        raise RunError("the match stage needs drawings: they are what it teaches")
    seen = [name for name in split.seen if name in bank.categories]
    pictograms = Pictograms.load(Path(config.pictograms)) if config.pictograms else Pictograms((), ())
    bank = beside(bank, seen, pictograms)
    lines: dict[str, list[np.ndarray]] = {}
    for name, ink in pictograms.lines:
        lines.setdefault(name, []).append(ink)
    names = names_to_learn(drawings)
    examples = example_source(config, model.config, bank, split, photos)
    kept = _kept(model, processor, config, examples, seen)
    sketches = ThingSketches(bank, drawings, names, split, lines, config.careless_sketches)
    source = MatchSource(kept, sketches, processor, names, config)
    return MatchStage(model, processor, config, source, len(names))


def _kept(
    model: STNetModel,
    processor: STNetProcessor,
    config: TrainConfig,
    examples: ExampleSource,
    seen: list[str],
) -> KeptPictures:
    """The run's pictures: from its folder if they are there, else encoded and kept there."""
    folder = Path(config.output) / "kept"
    data = (
        *(config.seed, config.pooled_scenes, config.pooled_photos, config.copy_paste),
        *(config.bank, config.pictograms, config.backdrops),
    )
    counts = f"{len(examples.photos)} {len(examples.bank)}"
    key = f"{data} {counts} {digest(model.image_tower)} {digest(model.text_tower)}"
    kept = KeptPictures.load(folder, key)
    if kept is None:
        rng = np.random.default_rng(config.seed)
        made = _examples(examples, seen, config, rng)
        count = config.pooled_scenes + config.pooled_photos
        kept = keep_pictures(frozen(model), processor, made, count, rng)
        kept.save(folder, key)
    return kept


def _examples(
    examples: ExampleSource, seen: list[str], config: TrainConfig, rng: np.random.Generator
) -> Iterator[Example]:
    size, others = examples.size.get(), sorted(set(examples.bank.categories) - set(seen))
    for _ in range(config.pooled_scenes):
        pool = [seen[i] for i in rng.permutation(len(seen))[:KNOWN]]
        pool += [others[i] for i in rng.permutation(len(others))[:OTHERS]]
        yield examples.scene(rng, size, pool)
    for _ in range(config.pooled_photos):
        yield examples.photo(rng, size, boxed=True)
