"""What happens to a drawing on its way through a camera or a scanner, made with numpy: the same at every run.

A sheet is (H, W) float32 in 0..255, dark ink on white; so is what comes out, or (H, W, 3) for colours.
"""

import io
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image

Change = Callable[[np.ndarray], np.ndarray]


def _falloff(sheet: np.ndarray, share: float) -> np.ndarray:
    """Light that falls off from left to right by this share."""
    return sheet * np.linspace(1, 1 - share, sheet.shape[1], dtype=np.float32)


def _noise(sheet: np.ndarray, deviation: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    return sheet + rng.normal(0, deviation, sheet.shape).astype(np.float32)


def _photo(sheet: np.ndarray, share: float = 0.2, deviation: float = 2.0) -> np.ndarray:
    """Paper that isn't white, light that falls off, and a sensor's noise."""
    return _noise(_falloff(20 + sheet * 0.85, share), deviation)


def _ruled(sheet: np.ndarray, value: float, width: int, both: bool = False) -> np.ndarray:
    ruled = sheet.copy()
    distance = sheet.shape[0] // 20
    for start in range(distance // 2, sheet.shape[0], distance):
        ruled[start : start + width] = np.minimum(ruled[start : start + width], value)
        if both:
            ruled[:, start : start + width] = np.minimum(ruled[:, start : start + width], value)
    return ruled


def _blue_squares(sheet: np.ndarray) -> np.ndarray:
    squares = _ruled(np.full_like(sheet, 255), 0, 2, both=True) < 128
    paper = np.where(squares[..., None], np.array([150, 180, 230], np.float32), np.float32(245))
    return paper * (sheet[..., None] / 255)


def _shadow(sheet: np.ndarray) -> np.ndarray:
    """A hand's shadow over one corner, its edge a few pixels soft."""
    rows, columns = np.indices(sheet.shape, dtype=np.float32) / max(sheet.shape)
    edge = np.clip((rows + columns * 0.6 - 0.8) * 40, 0, 1)
    return _photo(sheet * (1 - 0.4 * edge), share=0.1)


def _frame(sheet: np.ndarray) -> np.ndarray:
    framed = sheet.copy()
    width = max(2, sheet.shape[0] // 50)
    for side in (framed[:width], framed[-width:], framed[:, :width], framed[:, -width:]):
        side[...] = 30
    return framed


def _bar(sheet: np.ndarray) -> np.ndarray:
    """The dark edge that a scanner leaves beside a sheet."""
    barred = _photo(sheet, share=0.05)
    barred[:, : sheet.shape[1] // 16] = 25
    return barred


def _stain(sheet: np.ndarray) -> np.ndarray:
    """A coffee cup's ring, and a spill within it, in brown."""
    rows, columns = np.indices(sheet.shape, dtype=np.float32) / max(sheet.shape)
    radius = np.hypot(rows - 0.35, columns - 0.65)
    ring = np.exp(-(((radius - 0.2) / 0.012) ** 2)) + 0.4 * (radius < 0.2)
    brown = np.array([0.25, 0.4, 0.6], np.float32)
    return _noise(sheet[..., None] * (1 - ring[..., None].clip(0, 1) * brown) * 0.95, 1.5)


def _jpeg(sheet: np.ndarray, quality: int = 30) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(_pixels(sheet)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file), np.float32)


def _seen_aslant(sheet: np.ndarray, strength: float = 0.08) -> np.ndarray:
    """The sheet seen from below, so that its top is narrower; around it is white."""
    height, width = sheet.shape
    top, side = strength * height, strength * width
    inner = [(side, top), (width - side, top), (width - 0.2 * side, height - top), (0.2 * side, height - top)]
    outer = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, values = [], []
    for (x, y), (u, v) in zip(inner, outer, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    coefficients = np.linalg.solve(np.array(rows), np.array(values)).tolist()
    picture = Image.fromarray(_pixels(sheet)).transform(
        (width, height),
        Image.Transform.PERSPECTIVE,
        coefficients,
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )
    return np.asarray(picture, np.float32)


def _specks(sheet: np.ndarray) -> np.ndarray:
    specked = sheet.copy()
    for row, column in ((0.01, 0.02), (0.98, 0.97), (0.02, 0.9)):
        specked[round(row * sheet.shape[0]), round(column * sheet.shape[1])] = 0
    return specked


def _pixels(sheet: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(sheet), 0, 255).astype(np.uint8)


CHANGES: Mapping[str, Change] = {
    "light falls off by 20 %, noise 2": lambda sheet: _photo(sheet, 0.2, 2),
    "light falls off by 40 %, noise 4": lambda sheet: _photo(sheet, 0.4, 4),
    "noise 8": lambda sheet: _noise(sheet * 0.9, 8),
    "ruled in light grey": lambda sheet: _ruled(sheet, 190, 2),
    "ruled in dark grey": lambda sheet: _ruled(sheet, 90, 2),
    "squared in grey": lambda sheet: _ruled(sheet, 170, 2, both=True),
    "squared in dark grey": lambda sheet: _ruled(sheet, 90, 2, both=True),
    "squared in blue": _blue_squares,
    "shadow over a corner": _shadow,
    "dark frame": _frame,
    "dark bar of a scanner": _bar,
    "coffee stain": _stain,
    "JPEG of quality 30": lambda sheet: _jpeg(sheet),
    "photo as JPEG of quality 30": lambda sheet: _jpeg(_photo(sheet, 0.3, 4)),
    "seen aslant": lambda sheet: _seen_aslant(sheet),
    "single dark pixels": _specks,
    "white on black": lambda sheet: 255 - sheet,
}


def changed(drawing: Image.Image, name: str) -> Image.Image:
    """A drawing in mode "L", dark on white, after one of CHANGES: "L" or "RGB", of the same size."""
    return Image.fromarray(_pixels(CHANGES[name](np.asarray(drawing, np.float32))))
