"""Clear, and the way back: what was on the page before it stays until something else is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from stnet.search.query import DEFAULT_RESULTS
from webapp.canvas import Sketch
from webapp.query import PageQuery
from webapp.questions import Questions


@dataclass(frozen=True)
class Cleared:
    """What the page held.

    Attributes:
        sketch, text, top_k, balance: the query's inputs.
        where: what was chosen to be searched.
        shown: the query whose answer was on the page, with its wishes; None before the first.
    """

    sketch: Sketch | None
    text: str
    top_k: int
    balance: float
    where: str
    shown: PageQuery | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to bring back."""
        return self.sketch is None and not self.text.strip() and self.shown is None


class WayBack:
    """Made where gr.Blocks is open. The button is seen only while nothing is drawn or typed (page.css).

    Attributes:
        button: brings back what was cleared.
        before: the state that holds it, a `Cleared` or None.
        outputs: both: `offer` and `end` return one value for each.
    """

    def __init__(self) -> None:
        with gr.Row(elem_id="cleared"):
            self.button = gr.Button(
                "Undo Clear all", visible=False, size="sm", min_width=60, scale=0, elem_id="unclear"
            )
        self.before = gr.State(None)
        self.outputs = [self.button, self.before]

    def offer(self, cleared: Cleared) -> tuple[Any, Any]:
        """The values of `outputs` after Clear; an empty page leaves what was cleared before."""
        return (gr.skip(), gr.skip()) if cleared.is_empty else (gr.Button(visible=True), cleared)

    def end(self) -> tuple[Any, Any]:
        """The values of `outputs` once something else was asked."""
        return gr.Button(visible=False), None


class Clearing:
    """What Clear all and its undoing do: values for the query's four inputs and the page's outputs."""

    def __init__(
        self,
        way_back: WayBack,
        questions: Questions,
        no_answer: Callable[[str], tuple[Any, ...]],
        shown: Callable[..., Any],
    ) -> None:
        """`no_answer` and `shown` make the values of the page's outputs; the last are the way back's."""
        self._way_back, self._questions = way_back, questions
        self._no_answer, self._shown = no_answer, shown

    def clear(
        self,
        sketch: Sketch | None,
        text: str,
        top_k: int,
        balance: float,
        where: str,
        shown: PageQuery | None,
        request: gr.Request,
    ) -> Any:
        """An empty query with the settings of a new page and no answer, also if one is on its way."""
        if not self._questions.forget(request):
            return gr.skip()
        cleared = Cleared(sketch, text, top_k, balance, where, shown)
        nothing = self._no_answer(where)[: -len(self._way_back.outputs)]
        return None, "", DEFAULT_RESULTS, 0, *nothing, *self._way_back.offer(cleared)

    def bring_back(self, cleared: Cleared | None, where: str, request: gr.Request) -> Any:
        """What was on the page before and its answer; beside the inputs' values, what is to be searched."""
        if cleared is None:  # the server has forgotten it
            return gr.skip()
        inputs = (cleared.sketch, cleared.text, cleared.top_k, cleared.balance)
        if cleared.shown is None or not self._questions.is_there(cleared.where, request):
            nothing = (*inputs, where, *self._no_answer(where))
            return nothing if self._questions.forget(request) else gr.skip()
        asked = self._questions.ask(cleared.shown, cleared.where, request)
        return self._shown(asked, request, (*inputs, cleared.where))
