"""What a visitor gets: the status line and the results."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from stnet.search.filtering import Field
from webapp.query import PageQuery
from webapp.results import ResultsView
from webapp.results.component import before_search
from webapp.results.content import content
from webapp.results.wording import invitation, said, status
from webapp.search_service import Answer

ASKED_BY = "#go, #examples button, #guesses button"


class AnswerPanel:
    """Made where gr.Blocks is open; `page.py` connects it to the query.

    Attributes:
        outputs: the components that an answer fills: `show` and `empty` return one value for each.
        results: where progress is shown; its event `similar` asks for more like one result, `unlike` for the
            answer before that, `wish` changes what is wanted of the answer, `more` asks for what follows.
    """

    def __init__(self, where: str, gallery_size: int, device: str, fields: Sequence[Field] = ()) -> None:
        self._device = device
        self.status = gr.HTML(said(invitation(gallery_size)), elem_id="status")
        self.results = ResultsView(
            before_search(where, gallery_size, fields),
            elem_id="results",
            text_box="text",
            asked_by=ASKED_BY,
            status="status",
            paper="sketch",
        )
        self.outputs = [self.results, self.status]

    def show(
        self, answer: Answer, query: PageQuery, note: str = "", fields: Sequence[Field] = ()
    ) -> tuple[Any, ...]:
        """The values of `outputs` for the answer to a query; the status begins with the note.

        Args:
            fields: what the gallery can be filtered by.
        """
        return content(answer, query, fields), status(
            answer.response, self._device, own=answer.own, note=note
        )

    def empty(
        self,
        where: str,
        gallery_size: int,
        *,
        own: bool = False,
        hint: str = "",
        fields: Sequence[Field] = (),
        filters: Sequence[tuple[str, str]] = (),
    ) -> tuple[Any, ...]:
        """The values of `outputs` before a search; `own` if the visitor's own photos will be searched.

        Args:
            where: what is chosen: pictures of it are shown.
            hint: what to say instead of what is ready.
            fields, filters: what it can be filtered by, and is.
        """
        wall = before_search(where, None if own else gallery_size, fields, filters)
        return wall, said(hint or invitation(gallery_size, own=own))
