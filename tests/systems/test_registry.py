"""Names and files: every system has one of each, and what doesn't fit is said."""

import pytest

from stnet.systems.interface import System
from stnet.systems.registry import CONFIGS, SYSTEMS, build_system, system_names
from stnet.training.inheriting import read_fields
from tests.systems.toys import loaded_model


@pytest.fixture(scope="module")
def loaded():
    return loaded_model()


def test_every_class_has_a_configuration_and_every_configuration_a_class():
    assert set(SYSTEMS) <= set(system_names())
    assert {read_fields(CONFIGS / f"{name}.yaml")["system"] for name in system_names()} == set(SYSTEMS)
    assert system_names()[0] == "stnet"


def test_a_name_builds_its_system(loaded):
    for name in ("stnet", "text-only", "sketch-only", "average", "two-stage", "clusters"):
        system = build_system(name, loaded)
        assert isinstance(system, System) and system.processor is loaded.processor


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("system: nobody", "system must be one of stnet.*; got 'nobody'"),
        ("inherit: []", "system must be one of .*; got None"),
        ("system: stnet\nlayers: 3", "no fields layers; expected none"),
    ],
)
def test_configurations_that_make_no_sense(tmp_path, loaded, text, message):
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(ValueError, match=message):
        build_system("mine", loaded, tmp_path)


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path, loaded):
    (tmp_path / "mine.yaml").write_text("system: stnet")
    with pytest.raises(ValueError, match="no system 'other'; there are mine"):
        build_system("other", loaded, tmp_path)
