"""The model for those who search and build: on a CPU in ONNX Runtime, where that is installed."""

import logging
import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import torch

from stnet.cache import cache_folder
from stnet.checkpoint import LoadedModel, LoadingError, load_model
from stnet.onnx.exporting import TOWERS, export_towers
from stnet.onnx.keeping import keep_networks, read_networks
from stnet.onnx.towers import OnnxTower

VARIABLE = "STNET_ONNX"
PACKAGE = "onnxruntime"

_LOGGER = logging.getLogger(__name__)


def load_fast(checkpoint: str | Path, device: torch.device) -> LoadedModel:
    """`load_model`, its towers in ONNX Runtime if that is installed, wanted and the device is the CPU.

    The first call for a checkpoint exports them, and keeps them in the user's cache folder. Where that fails,
    the log says why, and they stay torch's.

    Args:
        checkpoint: a folder, or "owner/name@revision" on the Hub.

    Raises:
        ValueError: as `load_model`, or if $STNET_ONNX is neither 0 nor 1.
    """
    wanted = wants_onnx()
    loaded = load_model(checkpoint, device)
    if wanted and device.type == "cpu":
        try:
            run_in_onnx(loaded, cache_folder())
        except Exception as error:  # whatever the exporter or the runtime has against it: torch can do it
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
            _LOGGER.warning("The networks run in torch, not in ONNX Runtime: %s", reason)
    return loaded


def wants_onnx() -> bool:
    """Whether to try: not where $STNET_ONNX is 0, nor, unless it is 1, where the package isn't installed.

    Raises:
        LoadingError: if it is neither 0 nor 1.
    """
    value = os.environ.get(VARIABLE, "").strip()
    if value not in ("", "0", "1"):
        raise LoadingError(f"{VARIABLE} must be 0 or 1, got {value!r}")
    return value == "1" or (value == "" and find_spec(PACKAGE) is not None)


def run_in_onnx(loaded: LoadedModel, folder: Path) -> None:
    """Put ONNX towers in the place of the model's, on as many threads as torch has.

    Args:
        folder: where they are kept. What is damaged there, or can't be loaded, is made anew.

    Raises:
        ExportError: if they can't be made; the model is as it was.
        ImportError: if onnxruntime isn't installed.
    """
    towers = _kept_towers(loaded, folder) or _new_towers(loaded, folder)
    for name, tower in towers.items():
        setattr(loaded.model, name, tower)


def _kept_towers(loaded: LoadedModel, folder: Path) -> dict[str, OnnxTower] | None:
    networks = read_networks(folder, loaded.fingerprint)
    if networks is None:
        return None
    try:
        return _towers(loaded, networks)
    except ImportError:
        raise
    except Exception as error:  # onnxruntime raises kinds of its own for each way in which a file is wrong
        _LOGGER.warning("The ONNX networks in %s can't be loaded and are made anew: %s", folder, error)
        return None


def _new_towers(loaded: LoadedModel, folder: Path) -> dict[str, OnnxTower]:
    networks = export_towers(loaded.model)
    with suppress(OSError):  # then the next start makes them again
        keep_networks(folder, loaded.fingerprint, networks)
    return _towers(loaded, networks)


def _towers(loaded: LoadedModel, networks: dict[str, bytes]) -> dict[str, OnnxTower]:
    threads = torch.get_num_threads()
    return {name: OnnxTower(getattr(loaded.model, name), networks[name], threads) for name in TOWERS}
