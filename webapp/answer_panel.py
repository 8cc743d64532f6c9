"""What a visitor gets: the status line and the results."""

from typing import Any

import gradio as gr

from webapp.answering import Answer
from webapp.wording import caption, invitation, status

PICTURES, HEATMAPS = "Pictures", "Heat maps"


class AnswerPanel:
    """Made where gr.Blocks is open; `page.py` connects it to the query.

    Attributes:
        outputs: the components that an answer fills: `show` and `empty` return one value for each.
        results: where progress is shown.
    """

    def __init__(self, gallery_size: int) -> None:
        self._views = gr.State({})  # (path, caption) of every result, by view
        self.status = gr.Markdown(invitation(gallery_size), elem_id="status")
        self.view = gr.Radio(
            [HEATMAPS, PICTURES],
            value=HEATMAPS,
            label="Show",
            show_label=False,
            container=False,
            elem_id="view",
        )
        self.results = gr.Gallery(
            label="Results",
            show_label=False,
            elem_id="results",
            columns=4,
            height="auto",
            object_fit="contain",
            format="jpeg",
            buttons=["fullscreen"],
            interactive=False,
        )
        self.inputs = [self.view]
        self.outputs = [self._views, self.results, self.status]
        self.view.change(
            lambda views, view: gr.Gallery(views.get(view), selected_index=None),
            [self._views, self.view],
            self.results,
            api_visibility="private",
            show_progress="hidden",
        )

    def show(self, answer: Answer, view: str) -> tuple[Any, ...]:
        """The values of `outputs` for an answer; `view` is the value of `inputs`."""
        captions = [caption(result) for result in answer.response.results]
        heatmaps = [
            heatmap or picture for heatmap, picture in zip(answer.heatmaps, answer.pictures, strict=True)
        ]
        views = {
            PICTURES: list(zip(answer.pictures, captions, strict=True)),
            HEATMAPS: list(zip(heatmaps, captions, strict=True)),
        }
        return views, gr.Gallery(views[view], selected_index=None), status(answer.response, own=answer.own)

    def empty(self, gallery_size: int, *, own: bool = False) -> tuple[Any, ...]:
        """The values of `outputs` before a search; `own` if the visitor's own photos will be searched."""
        return {}, gr.Gallery(None), invitation(gallery_size, own=own)
