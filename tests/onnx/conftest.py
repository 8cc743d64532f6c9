"""One small model and its exported towers for the tests of this folder."""

import pytest

from stnet.model.modeling import STNetModel
from stnet.onnx.exporting import export_towers


@pytest.fixture(scope="module")
def model(tiny_checkpoint) -> STNetModel:
    return STNetModel.from_pretrained(tiny_checkpoint).eval()


@pytest.fixture(scope="module")
def networks(model) -> dict[str, bytes]:
    return export_towers(model)
