"""Search by an object's box, counted by hand."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from stnet.evaluation.encoding import encode_suite
from stnet.evaluation.regions import markdown, precision_without, region_quality
from stnet.evaluation.suites.base import KnownObject
from tests.evaluation.toys import ToySuite
from tests.galleries import load


def test_precision_leaves_out_the_picture_that_is_asked_with():
    scores = np.array([np.arange(13.0, 0.0, -1.0)] * 2)
    relevant = np.zeros((2, 13), bool)
    relevant[:, [0, 4, 10, 12]] = True
    assert precision_without(scores, np.array([0, 4]), relevant).tolist() == [0.2, 0.2]
    assert precision_without(scores, np.array([1, 11]), relevant).tolist() == [0.3, 0.2]


@pytest.fixture(scope="module")
def encoded(tiny_checkpoint):
    """Twelve pictures whose left and right half show one of two things each, told apart by their patches."""
    loaded = load(tiny_checkpoint)
    suite = encode_suite(loaded.model, loaded.processor, ToySuite(size=24))
    rows, columns = loaded.model.config.grid
    things = torch.randn(24, 24, suite.patches.shape[2], generator=torch.Generator().manual_seed(0))
    patches = torch.empty(24, rows, columns, suite.patches.shape[2])
    objects = []
    for number in range(24):
        patches[number, :, : columns // 2] = things[0, number % 2]
        patches[number, :, columns // 2 :] = things[1, number]  # something that no other picture has
        objects.append((KnownObject(f"thing {number % 2}", (0.0, 0.0, 0.5, 1.0)),))
    return loaded.model, replace(suite, patches=patches.flatten(1, 2), objects=objects)


def test_the_box_finds_what_it_shows(encoded):
    figures = region_quality(*encoded)
    assert figures["objects"] == 24
    assert figures["region"] == pytest.approx(100.0)
    assert figures["chance"] == pytest.approx(100 * 11 / 23)
    assert figures["picture"] < figures["region"]
    assert f"| like the object's box | {figures['region']:.1f} |" in markdown(figures)
