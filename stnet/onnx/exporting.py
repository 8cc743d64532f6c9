"""Towers as ONNX networks, in float32, and the proof that they answer as torch's do."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stnet.model.modeling import STNetModel
from stnet.onnx.towers import OnnxTower

TOWERS = ("image_tower", "sketch_tower", "text_tower")
LEAST_COSINE = 0.9999  # of a network's vectors with torch's; rounding leaves 0.999999
OPERATORS = 17  # version of ONNX's set: every onnxruntime since 1.12 knows it


class ExportError(ValueError):
    """A tower that can't become an ONNX network."""


def export_towers(model: STNetModel) -> dict[str, bytes]:
    """Each of TOWERS as the bytes of an ONNX file, for any batch and any length of text.

    The older of torch's exporters does it: it needs a fifteenth of the newer one's time, and no onnxscript.
    It is deprecated; where torch has it no more, the towers stay torch's.

    Args:
        model: in evaluation mode, on the CPU, in float32.

    Raises:
        ExportError: if a package is missing, torch can't export a tower, or its network answers otherwise.
    """
    networks = {}
    for name in TOWERS:
        tower = getattr(model, name)
        try:
            networks[name] = _exported(tower, _inputs(model, name, batch=2, length=6))
            cosine = _agreement(tower, networks[name], _inputs(model, name, batch=3, length=5))
        except Exception as error:  # exporter and runtime raise many kinds
            raise ExportError(f"The {name} can't become an ONNX network: {error}") from error
        if not cosine >= LEAST_COSINE:
            raise ExportError(
                f"The {name} answers otherwise as an ONNX network: cosine {cosine:.6f} with torch's"
            )
    return networks


def _inputs(model: STNetModel, name: str, batch: int, length: int) -> dict[str, Tensor]:
    """What a tower may be given, the same for the same sizes."""
    generator = torch.Generator().manual_seed(0)
    if name == "text_tower":
        config = model.config.text_config
        ids = torch.randint(config.vocab_size, (batch, length), generator=generator)
        ids[:, -1] = config.eos_token_id or 0  # CLIP reads there
        return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    config = getattr(model.config, name.replace("tower", "config"))
    shape = (batch, config.num_channels, config.image_size, config.image_size)
    return {"pixel_values": torch.rand(shape, generator=generator)}


@torch.no_grad()
def _exported(tower: nn.Module, inputs: Mapping[str, Tensor]) -> bytes:
    axes = {name: {0: "batch"} if name == "pixel_values" else {0: "batch", 1: "length"} for name in inputs}
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        file = Path(folder) / "network.onnx"
        warnings.simplefilter("ignore")  # that it is deprecated, and what tracing holds for constant
        torch.onnx.export(
            tower,
            (dict(inputs),),
            file,
            input_names=[*inputs],
            output_names=["features"],
            dynamic_axes=axes,
            opset_version=OPERATORS,
            dynamo=False,
        )
        return file.read_bytes()


@torch.inference_mode()
def _agreement(tower: nn.Module, network: bytes, inputs: dict[str, Tensor]) -> float:
    """The least cosine of both, on other sizes than those that were traced, with padding."""
    if "attention_mask" in inputs:
        inputs["attention_mask"][0, 3:] = 0
    found, expected = OnnxTower(tower, network, threads=1)(**inputs), tower(**inputs)
    return float(F.cosine_similarity(found, expected, dim=-1).min())
