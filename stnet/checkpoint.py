"""From a name to a loaded model: folders, Hub ids, environment variables, and errors that say what to do."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
from transformers.utils import logging as progress

from stnet.fingerprint import check_seal, model_fingerprint, seal_checkpoint
from stnet.hub.folders import Kind, local_folder
from stnet.model.configuration import checked_names_share, checked_share, reading
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.model.towers.folding import fold_batch_norms

ASSETS = Path(__file__).resolve().parents[1] / "assets"
MORE_GALLERIES = ("gallery-scenes",)  # in assets/, after "gallery": a server offers those that are there


class LoadingError(ValueError):
    """A checkpoint, gallery or device that can't be used. The text is for the person who chose it."""


class LoadedModel(NamedTuple):
    """A model ready to encode, on its device, with its processor, name and fingerprint."""

    model: STNetModel
    processor: STNetProcessor
    name: str
    fingerprint: str


def choose_source(kind: Kind, given: str | Path | None) -> str | Path:
    """What was given, else STNET_CHECKPOINT or the first of STNET_GALLERY, else the one in assets/.

    Raises:
        LoadingError: if nothing was given and assets/ has none.
    """
    source = given or next(iter(_from_environment(kind)), ASSETS / kind)
    if source == ASSETS / kind and not (ASSETS / kind).is_dir():
        raise LoadingError(
            f"There is no {kind}: give a folder or owner/name@revision, or set STNET_{kind.upper()} to one"
        )
    return source


def choose_galleries() -> list[str | Path]:
    """What a server offers, the default first: all that STNET_GALLERY names, else those in assets/.

    Raises:
        LoadingError: if nothing is named and assets/ has none.
    """
    named: list[str | Path] = [*_from_environment("gallery")]
    if named:
        return named
    return [
        choose_source("gallery", None),
        *(ASSETS / name for name in MORE_GALLERIES if (ASSETS / name).is_dir()),
    ]


def _from_environment(kind: Kind) -> list[str]:
    """Galleries are named between commas; a checkpoint is one."""
    value = os.environ.get(f"STNET_{kind.upper()}", "")
    names = value.split(",") if kind == "gallery" else [value]
    return [name.strip() for name in names if name.strip()]


def choose_device(given: str | torch.device | None = None) -> torch.device:
    """What was given, else STNET_DEVICE, else the GPU if there is one, else the CPU.

    Raises:
        LoadingError: if it is not a device that torch can use here.
    """
    name = given or os.environ.get("STNET_DEVICE") or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise LoadingError(
            f"The device {str(name)!r} can't be used here ({str(error).splitlines()[0]})"
        ) from error
    return device


def load_model(checkpoint: str | Path, device: torch.device) -> LoadedModel:
    """Load a checkpoint for inference, in float32, its batch norms folded where the tower allows it.

    Args:
        checkpoint: a folder, or "owner/name@revision" on the Hub.

    Raises:
        ValueError: if it is missing, incomplete, damaged, or not an STNET checkpoint.
    """
    loaded = load_as_trained(checkpoint, device)
    fold_batch_norms(loaded.model)
    return loaded


def load_as_trained(checkpoint: str | Path, device: torch.device) -> LoadedModel:
    """The same with every weight as it was saved: to train further, or to write it again.

    Args:
        checkpoint: a folder, or "owner/name@revision" on the Hub.

    Raises:
        ValueError: if it is missing, incomplete, damaged, or not an STNET checkpoint.
    """
    found = local_folder(checkpoint, "checkpoint")
    fingerprint = model_fingerprint(found.path)
    check_seal(found.path)
    try:
        processor = STNetProcessor.from_pretrained(found.path)
    except ValueError as error:
        raise LoadingError(f"The checkpoint {found.path} can't be loaded: {error}") from error
    model = load_weights(found.path).to(device)
    return LoadedModel(model, processor, found.name, fingerprint)


def load_weights(folder: Path) -> STNetModel:
    """The model alone, in float32, on the CPU and in evaluation mode: the one place that opens weights.

    Only safetensors are opened: other formats can run code.

    Raises:
        LoadingError: if weights are missing, damaged, or of another model.
    """
    shows_progress = progress.is_progress_bar_enabled()
    progress.disable_progress_bar()  # transformers draws one even for a small file
    try:
        model, report = STNetModel.from_pretrained(
            str(folder),
            use_safetensors=True,
            local_files_only=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except Exception as error:  # safetensors, transformers and torch each have their own for damaged files
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise LoadingError(f"The checkpoint {folder} can't be loaded: {reason}") from error
    finally:
        if shows_progress:
            progress.enable_progress_bar()
    if report["missing_keys"] or report["mismatched_keys"]:  # transformers would go on with random numbers
        raise LoadingError(
            f"The checkpoint {folder} is incomplete: {len(report['missing_keys'])} weights are missing, "
            f"{len(report['mismatched_keys'])} have another shape"
        )
    return model.eval()


def export(
    run: Path,
    target: Path,
    sketch_share: float | None = None,
    names_share: float | None = None,
    image_sizes: Sequence[int] | None = None,
) -> None:
    """Write a run's model with its weights as float16, to be loaded as float32 again, and seal it.

    Rounding to 11 significant bits hardly moves scores (a test bounds it) and halves what everybody
    downloads. Other files in `target` (the model card) stay.

    Args:
        sketch_share, names_share: of STNetConfig, in the checkpoint; None: the run's.
        image_sizes: at which pictures are seen, in as many patches as before; None: the run's.

    Raises:
        LoadingError: if `run` holds no whole checkpoint, or a weight doesn't fit float16.
        ValueError: if a share is none, or the image tower can't see such pictures.
    """
    model, processor, _, _ = load_as_trained(run, torch.device("cpu"))
    if sketch_share is not None:
        model.config.sketch_share = checked_share(sketch_share)
    if names_share is not None:
        model.config.names_share = checked_names_share(names_share, model.config.drawn_names)
    if image_sizes is not None:
        model.config.image_config = reading(model.config.image_config, image_sizes)
        processor.image = replace(processor.image, size=model.config.image_size)
    for name, value in model.state_dict().items():
        if value.is_floating_point() and not torch.isfinite(value.half()).all():
            raise LoadingError(f"{name} has values that float16 can't hold")
    for old in [*target.glob("*.safetensors"), *target.glob("*.safetensors.index.json")]:
        old.unlink()
    model.half().save_pretrained(target, max_shard_size="15MB")
    model.config.dtype = torch.float32  # what from_pretrained takes unless told otherwise
    model.config.save_pretrained(target)
    processor.save_pretrained(target)
    seal_checkpoint(target)
