"""A recogniser's classes in words: what it makes of pictures, and that words alone learn from it."""

import pytest
import torch
from safetensors.torch import save_file

from stnet.data.words.imagenet_names import imagenet_names
from stnet.model.towers.efficientnet_lite import EfficientNetLite
from stnet.training.config import RunError
from stnet.training.recognition import Recogniser
from tests.training.shapes import run_config, tiny_model
from tests.training.stages.building import JOINT_LOSSES, joint_stage, only_batch, with_gradient


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A folder as `stnet.training.pretrained` writes it, with random weights."""
    folder = tmp_path_factory.mktemp("network")
    torch.manual_seed(0)
    save_file(EfficientNetLite().state_dict(), folder / "model.safetensors")
    classifier = {"weight": torch.randn(1000, 1280), "bias": torch.randn(1000)}
    save_file(classifier, folder / "classifier.safetensors")
    return folder


def test_the_names_are_those_of_the_classes_in_their_order():
    names = imagenet_names()
    assert len(names) == 1_000
    known = {0: "tench", 1: "goldfish", 207: "golden retriever", 291: "lion", 999: "toilet tissue"}
    assert {number: names[number] for number in known} == known


def test_probabilities_are_the_classifiers_own(network):
    _, processor = tiny_model()
    recogniser = Recogniser(network, processor).train()
    pictures = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    found = recogniser(pictures)
    backbone = recogniser.backbone.eval()
    with torch.no_grad():
        pooled = backbone(pictures)[1].mean((2, 3))
    expected = (pooled @ recogniser.classifier.weight.T + recogniser.classifier.bias).softmax(-1)
    assert torch.allclose(found, expected, atol=1e-5) and found.shape == (2, 1000)
    assert recogniser.input_ids.shape[0] == 1_000


def test_a_folder_without_the_classifier_is_refused(tmp_path):
    with pytest.raises(RunError, match="recogniser"):
        Recogniser(tmp_path, tiny_model()[1])


def test_names_teach_the_words_and_leave_the_recogniser_alone(network, tmp_path):
    stage = joint_stage(tmp_path, recogniser=str(network), weights={"names": 1.0}).train()
    losses = stage(only_batch(stage))
    assert set(losses) > JOINT_LOSSES | {"names"}
    losses["names"].backward()
    learning = with_gradient(stage)
    assert "model.text_projection.weight" in learning and "model.image_projection.weight" in learning
    assert not any(name.startswith(("recogniser", "model.sketch_tower")) for name in learning)


def test_a_recogniser_needs_pictures(network, tmp_path):
    with pytest.raises(RunError, match="joint stage"):
        run_config(tmp_path, stage="sketch", recogniser=str(network))
