"""Boxes on pictures, as every part of STNET writes them."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in 0..1 of the picture, y down."""
