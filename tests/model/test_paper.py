import numpy as np
import pytest
from PIL import Image

from stnet.model.paper import SMALLEST, ink_off_uneven_paper, is_uneven

SIDE = 400


def sheet(falloff: float, deviation: float = 0.0) -> np.ndarray:
    """A black line on white paper, in light that falls off from left to right."""
    paper = np.full((SIDE, SIDE), 240.0)
    paper[200:206, 50:350] = 20
    noise = np.random.default_rng(0).normal(0, deviation, paper.shape)
    return (paper * np.linspace(1, 1 - falloff, SIDE) + noise).clip(0, 255).astype(np.uint8)


def test_paper_is_uneven_where_light_falls_off_or_a_sensor_adds_noise() -> None:
    assert not is_uneven([Image.fromarray(sheet(0))])
    assert is_uneven([Image.fromarray(sheet(0.3))])
    assert is_uneven([Image.fromarray(sheet(0, deviation=8))])


def test_a_tiny_picture_is_never_uneven() -> None:
    assert not is_uneven([Image.fromarray(sheet(0.3)[: SMALLEST - 1])])


def test_ink_is_as_strong_in_the_shade_as_in_the_light() -> None:
    ink, noise = ink_off_uneven_paper([Image.fromarray(sheet(0.5, deviation=1))])
    line = ink[202:204, 60:340].astype(float)
    assert line[:, :50].mean() == pytest.approx(line[:, -50:].mean(), abs=10)
    assert line.min() > 180
    assert ink[:190].mean() < 5 and noise < 5


def test_light_ink_on_a_dark_board_is_ink() -> None:
    ink, _ = ink_off_uneven_paper([Image.fromarray(255 - sheet(0.3, deviation=1))])
    assert ink[202:204, 60:340].min() > 120
    assert ink[:190].max() < 30


def test_noise_grows_with_the_sensor_s() -> None:
    small, large = (ink_off_uneven_paper([Image.fromarray(sheet(0.2, deviation))])[1] for deviation in (2, 6))
    assert 1 < small < large < 12
