"""`python timm_towers.py publish|load FOLDER`, run by test_timm.py where timm can be imported.

Beside a torch for CPUs alone torchvision can't load its own operators, which timm imports and backbones never
call; then they are declared without a body, before anything imports it.
"""

import json
import subprocess
import sys
from pathlib import Path

import torch

if subprocess.run([sys.executable, "-c", "import torchvision"], capture_output=True, check=False).returncode:
    operators = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        operators.define(f"{operator}(Tensor boxes, Tensor scores, float iou_threshold) -> Tensor")

import timm
from safetensors.torch import load_file, save_file

from stnet.model.modeling import STNetModel
from stnet.model.towers.efficientnet_lite import EfficientNetLite

NAME = "tf_efficientnet_lite0.in1k"
SIDE, WIDTH = 64, 16


def publish(folder: Path) -> None:
    """Files of the Hub's timm/tf_efficientnet_lite0.in1k, with random weights."""
    torch.manual_seed(3)
    network = timm.create_model(NAME)
    save_file(network.state_dict(), folder / "model.safetensors")


def load(folder: Path) -> None:
    """Start from that network, save the model, read it again."""
    image = {"image_size": SIDE, "hidden_size": WIDTH, "intermediate_size": 32, "num_attention_heads": 2}
    source = f"timm/{NAME}"
    model = STNetModel.from_pretrained_towers(
        image=source, sketch=source, text=str(folder / "text"), image_config=image, projection_dim=WIDTH
    )
    published = load_file(folder / "network/model.safetensors")
    model.save_pretrained(folder / "saved")
    again = STNetModel.from_pretrained(folder / "saved").eval()
    ours = EfficientNetLite().eval()
    ours.load_state_dict({name: published[name] for name in ours.state_dict()})
    whole = timm.create_model(NAME, pretrained=True).eval()
    pixels, ink = torch.randn(2, 3, SIDE, SIDE), torch.randn(2, 3, 96, 96)
    fine, _ = model.image_tower.backbone(pixels)
    found = {
        "backbone": model.config.image_config.backbone_config["model_type"],
        "mean": model.config.image_config.image_mean,
        "published": list(timm.models.get_pretrained_cfg(NAME).mean),
        "channels": model.image_tower.backbone.channels,
        "weights": {
            name: bool(torch.equal(weights, published[name.removeprefix("_backbone.")]))
            for name, weights in model.image_tower.backbone.network.state_dict().items()
        },
        "ours": [
            float((mine - theirs).abs().max() / theirs.abs().max())
            for mine, theirs in zip(ours(pixels), (fine, whole.forward_features(pixels)), strict=True)
        ],
        "patches": list(model.encode_image(pixels).shape),
        "again": bool(
            torch.equal(model.encode_image(pixels), again.encode_image(pixels))
            and torch.equal(model.encode_sketch(ink), again.encode_sketch(ink))
        ),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    with torch.no_grad():
        {"publish": publish, "load": load}[sys.argv[1]](Path(sys.argv[2]))
