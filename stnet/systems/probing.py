"""Whether what a system learned fits the networks that it sees through: a picture and a drawing tell.

Weights alone don't say: a checkpoint that is loaded for use has its batch norms folded into its convolutions.
"""

import json
from pathlib import Path

import torch
from torch import Tensor

from stnet.model.modeling import STNetModel
from stnet.systems.interface import Encoder

PROBE_NAME = "probe.json"
NUMBERS = 16  # kept of what is made of the picture, and of the drawing
CLOSE = 0.02  # of their length: folding and other machines move the last digits


@torch.inference_mode()
def probe(encoder: Encoder, model: STNetModel) -> Tensor:
    """What the encoder makes of one fixed picture and one fixed drawing: (2 * NUMBERS,)"""
    picture = _waves(3, model.config.image_size)
    drawing = _waves(model.config.sketch_config.num_channels, model.config.sketch_size)
    made = (encoder.pictures(picture).flatten(), encoder.sketches(drawing).flatten())
    return torch.cat([part[:: max(1, len(part) // NUMBERS)][:NUMBERS] for part in made])


def _waves(channels: int, side: int) -> Tensor:
    row = torch.linspace(0, 12, side)
    return (row[:, None].sin() * (row * 1.7).cos()).expand(1, channels, side, side).contiguous()


def write_probe(folder: Path, encoder: Encoder, model: STNetModel) -> None:
    """Keep beside what was learned what it was learned on."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PROBE_NAME).write_text(json.dumps(probe(encoder, model).tolist()) + "\n", encoding="utf-8")


def check_probe(folder: Path, encoder: Encoder, model: STNetModel) -> None:
    """Refuse networks that see the probe otherwise than those that were learned on.

    Raises:
        ValueError: if they do, or the folder has no probe.
    """
    try:
        kept = torch.tensor(json.loads((folder / PROBE_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"{folder} doesn't say what it was trained on ({error}): train it anew") from error
    now = probe(encoder, model).cpu()
    if kept.shape != now.shape or (kept - now).norm() > CLOSE * kept.norm():
        raise ValueError(
            f"{folder} was trained on what other networks see than this checkpoint's: measure it with "
            "`python -m stnet.systems.compare`, or train it on this checkpoint"
        )
