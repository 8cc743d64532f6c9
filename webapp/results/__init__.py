"""The results of a search for Gradio: `ResultsView` is the component."""

from webapp.results.component import ResultsView

__all__ = ["ResultsView"]
