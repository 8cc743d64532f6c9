"""What many tests need: a checkpoint folder as users have it, tiny and with random weights."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

if TYPE_CHECKING:
    from stnet.systems.shared.pool import SharedPool

TEXTS = ["a red one on the beach", "left of a green square at night", "behind the drum in a snowy field"]


def tiny_config(**changes):
    """A config that runs in milliseconds: D = 16, a grid of 4 x 4 patches."""
    from transformers import CLIPTextConfig, CLIPVisionConfig

    from stnet.model.configuration import PatchConvNetConfig, STNetConfig

    settings = {
        "image_config": PatchConvNetConfig(
            image_size=64,
            stem_channels=8,
            stage_channels=(8, 16, 24),
            stage_blocks=(1, 1, 1),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
        ),
        "sketch_config": CLIPVisionConfig(
            image_size=32,
            patch_size=8,
            num_channels=1,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
        ),
        "text_config": CLIPTextConfig(
            vocab_size=400,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=16,
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=3,
        ),
        "projection_dim": 16,
        "categories": ["circle", "square"],
    }
    return STNetConfig(**settings | changes)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither this process nor a server that a test starts finds or leaves anything in the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STNET_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("STNET_ONNX", "0")  # every server would export its tiny model first
        yield


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete checkpoint folder with random weights. Read-only: copy it before changing a byte."""
    from stnet.model.modeling import STNetModel
    from stnet.model.processing import STNetProcessor
    from stnet.training.tokenizer import train_tokenizer

    folder = tmp_path_factory.mktemp("checkpoint")
    torch.manual_seed(0)
    config = tiny_config()
    model = STNetModel(config).eval()
    with torch.no_grad():  # random projections bring the scores apart
        for projection in (model.image_projection, model.sketch_projection, model.text_projection):
            projection.weight.normal_(std=1.0)
    model.save_pretrained(folder)
    STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400, context=16)).save_pretrained(
        folder
    )
    return folder


@pytest.fixture(scope="session")
def pool_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `plain_pool` is written."""
    return tmp_path_factory.mktemp("shared") / "pool"


@pytest.fixture(scope="session")
def plain_pool(pool_folder: Path) -> "SharedPool":
    """What trained systems learn from, tiny: made once, it takes seconds."""
    from tests.systems.pools import make_shared_pool

    return make_shared_pool(pool_folder.parent)


@pytest.fixture(scope="session")
def shared_pool(plain_pool: "SharedPool") -> "SharedPool":
    """The same with random features."""
    from tests.systems.pools import with_random_features

    return with_random_features(plain_pool)


@pytest.fixture
def own_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """PORT, set to one that nobody listens on: the session's server may have the default."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    monkeypatch.setenv("PORT", str(port))
    return port


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration a skipped test is a failure: what isn't run proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("error: tests were skipped, and CI is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
