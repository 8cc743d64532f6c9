"""A sketch canvas for Gradio: `SketchCanvas` is the component, `Sketch` its value in Python."""

from webapp.canvas.component import SketchCanvas
from webapp.canvas.strokes import Sketch, SketchError

__all__ = ["Sketch", "SketchCanvas", "SketchError"]
