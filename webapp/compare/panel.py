"""The comparison on the page: its switch, its view, and who answers it."""

from typing import Any

import gradio as gr

from stnet.search import SearchError
from webapp.canvas import SketchError
from webapp.compare.component import CompareSwitch, CompareView
from webapp.compare.content import content, refusal
from webapp.compare.endpoint import add_compare_endpoint
from webapp.compare.wording import offered
from webapp.query import PageQuery
from webapp.questions import Questions
from webapp.search_service import Answerer
from webapp.share.sending import received, sent


class ComparePanel:
    """Made where gr.Blocks is open.

    Attributes:
        view: an output of every answer of the search, with the value of `wanting`.
    """

    def __init__(self, answerer: Answerer, questions: Questions) -> None:
        self._answerer, self._questions = answerer, questions
        self._systems = offered(can_name=answerer.engine.loaded.model.naming_head is not None)
        self.view = CompareView(self._systems, elem_id="compare")

    def connect(self, options: gr.Accordion, **slot: Any) -> None:
        """Add the switch among the options, and the endpoint; `slot` says how many searches run at once."""
        add_compare_endpoint(self._answerer, **slot)
        with options:
            CompareSwitch(self._systems, elem_id="compare-switch")
        self.view.wanted(
            self.answer,
            None,
            self.view,
            api_visibility="private",
            show_progress="hidden",
            trigger_mode="always_last",
            **slot,
        )

    def wanting(self, query: PageQuery, where: str) -> dict[str, Any]:
        """The view's value after an answer of the search: what it asks for in turn, if it is switched on."""
        return {"query": sent(query), "where": where}

    def answer(self, event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        """The view's value for what the browser sent: query, where it was asked, two systems, and a number.

        Raises:
            ValueError, KeyError, TypeError: for what no page sends.
        """
        asked = event._data
        ticket, systems = int(asked["ticket"]), [str(name) for name in asked["systems"]]
        try:
            query, where = received(asked["query"]), str(asked["where"])
            return content(self._questions.compare(query, where, systems, request), ticket)
        except (SearchError, SketchError) as error:
            return refusal(str(error), ticket)
