"""What the page answers to each thing that a visitor can ask, and what it shows before they ask."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from stnet.search.query import DEFAULT_RESULTS, EMPTY_QUERY
from webapp.api.http import reply
from webapp.canvas import Sketch
from webapp.compare.panel import ComparePanel
from webapp.examples import Example
from webapp.gallery_switch import YOURS
from webapp.guesses import with_name
from webapp.hunt import followed
from webapp.query import ChosenFilters, PageQuery, read_likeness, wished
from webapp.query_panel import QueryPanel, sketch_of
from webapp.questions import Asked, Questions
from webapp.results.panel import AnswerPanel
from webapp.results.wording import NO_SUCH_GALLERY
from webapp.search_service import Answerer
from webapp.share import carried
from webapp.share.address import Way, address_of, opened_by
from webapp.shown_filters import ShownFilters, kept, may_guess


@dataclass
class PageAnswers:
    """Handlers of the page's events; `shown` and `no_answer` return the values of the page's outputs.

    Attributes:
        answerer: of all galleries.
        questions: of all visitors, each of which overtakes the one before of the same visitor.
        query_panel, answer, compare: the panels that show something of an answer.
    """

    answerer: Answerer
    questions: Questions
    query_panel: QueryPanel
    answer: AnswerPanel
    compare: ComparePanel

    def of_example(self, example: Example) -> Callable[..., Any]:
        """A handler: an example on the paper, in its own gallery where there is one, and its answer."""
        sketch = sketch_of(example)

        def show(top_k: int, balance: float, where: str, request: gr.Request) -> Any:
            where = example.gallery if example.gallery in self.answerer.galleries else where
            query = PageQuery(sketch, example.text, top_k, balance, self.questions.gallery(where))
            asked = self.questions.ask(query, where, request)
            return self.shown(asked, request, (sketch, example.text, where))

        return show

    def search(
        self,
        sketch: Sketch | None,
        text: str,
        top_k: int,
        balance: float,
        live: bool,
        where: str,
        before: ShownFilters | None,
        event: gr.EventData,
        request: gr.Request,
    ) -> Any:
        """An answer to what is on the paper and in the words; filters stay from what was shown before."""
        filters = self.questions.kept_filters(before, where)
        if sketch is None and not text.strip():
            # who searches while drawing need not be told that an empty paper has no results
            return self.forgotten(where, request, "" if live else EMPTY_QUERY, filters)
        gallery, guess = self.questions.gallery(where), may_guess(sketch, before)
        query = PageQuery(sketch, text, top_k, balance, gallery, filters=filters, guess=guess)
        by_itself = bool((event._data or {}).get("settled"))
        way: Way = "drawing" if by_itself else "asked"
        return self.shown(self.questions.ask(query, where, request), request, way=way)

    def confirm(
        self,
        guess: str,
        sketch: Sketch | None,
        text: str,
        top_k: int,
        balance: float,
        where: str,
        before: ShownFilters | None,
        request: gr.Request,
    ) -> Any:
        """A search with the guessed name before the words."""
        words = with_name(guess, text)
        filters = self.questions.kept_filters(before, where)
        query = PageQuery(sketch, words, top_k, balance, self.questions.gallery(where), filters=filters)
        return self.shown(self.questions.ask(query, where, request), request, (words,))

    def take_for_nothing(self, query: PageQuery | None, where: str, request: gr.Request) -> Any:
        """The query that is shown, without the names that its sketch was taken for."""
        return self._changed(replace(query or self.nothing(where), guess=False), where, request)

    def switch(
        self,
        sketch: Sketch | None,
        text: str,
        top_k: int,
        balance: float,
        where: str,
        before: ShownFilters | None,
        request: gr.Request,
    ) -> Any:
        """The same query in what the visitor has chosen now; without a query, no answer and no refusal."""
        if sketch is None and not text.strip():
            return self.forgotten(where, request)
        gallery, guess = self.questions.gallery(where), may_guess(sketch, before)
        query = PageQuery(sketch, text, top_k, balance, gallery, guess=guess)
        return self.shown(self.questions.ask(query, where, request), request)

    def similar(
        self,
        query: PageQuery | None,
        top_k: int,
        balance: float,
        where: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Any:
        """Pictures like the result that the event names, or with the like of what one region of it shows."""
        query = query or PageQuery(None, "", top_k, balance)
        query = replace(query, gallery=self.questions.gallery(where), like=read_likeness(event._data))
        return self.shown(self.questions.ask(query, where, request), request, way="derived")

    def unlike(self, query: PageQuery | None, where: str, request: gr.Request) -> Any:
        """The answer before "more like this"."""
        if query is None or (query.sketch is None and not query.text.strip()):
            return self.forgotten(where, request, filters=() if query is None else query.filters)
        asked = self.questions.ask(replace(query, like=None), where, request)
        return self.shown(asked, request, way="derived")

    def wish(self, query: PageQuery | None, where: str, event: gr.EventData, request: gr.Request) -> Any:
        """The query that is shown, with another wish about its answer."""
        return self._changed(wished(query or self.nothing(where), event._data), where, request)

    def _changed(self, query: PageQuery, where: str, request: gr.Request) -> Any:
        """The answer to the query that was shown, with a change; without a query, the wall."""
        if query.is_empty:
            self.questions.forget(request)
            return self.no_answer(where, filters=query.filters)
        asked = self.questions.ask(query, where, request)
        return self.shown(asked, request, way="derived")

    def change_setting(
        self, query: PageQuery | None, top_k: int, balance: float, where: str, request: gr.Request
    ) -> Any:
        """The query that is shown, asked anew; nothing where there is none."""
        if query is None or query.is_empty or (query.top_k, query.balance) == (top_k, balance):
            return gr.skip()
        query = replace(query, top_k=top_k, balance=balance)
        return self.shown(self.questions.ask(query, where, request), request, way="setting")

    def open_link(self, where: str, event: gr.EventData, request: gr.Request) -> Any:
        """The query of a link as the values of the query's inputs and of the switch, and its answer."""
        opened = opened_by(event._data)
        if opened.query is None:  # before the first search: what is on the paper stays
            nothing = (*[gr.skip()] * 5, *self.no_answer(where))
            return nothing if self.questions.forget(request) else gr.skip()
        query, note = opened.query, ""
        if self.questions.is_there(opened.where, request):
            where = str(opened.where)
        elif query.gallery in self.answerer.galleries:
            where = query.gallery
        elif query.gallery is not None:
            note = NO_SUCH_GALLERY
        query = replace(query, gallery=self.questions.gallery(where), filters=() if note else query.filters)
        if query.is_empty:
            self.questions.forget(request)
            return (*[gr.skip()] * 4, where, *self.no_answer(where, note, query.filters, opened.fragment))
        paper = (gr.skip(), gr.skip()) if opened.keep else (query.sketch, query.text)
        asked = self.questions.ask(query, where, request)
        inputs = (*paper, query.top_k, query.balance, where)
        return self.shown(asked, request, inputs, way="opened", note=note, opened=opened.fragment)

    def shown(
        self,
        asked: Asked | None,
        request: gr.Request,
        inputs: tuple[Any, ...] = (),
        *,
        way: Way = "asked",
        note: str = "",
        opened: str | None = None,
    ) -> Any:
        """The values of `inputs`, and of `outputs` for an answer; nothing changes for an overtaken question.

        Args:
            note: for the visitor, before what is said about the answer.
            opened: the fragment that it was opened by.
        """
        if asked is None:
            return gr.skip()
        query, answer = asked.query, asked.answer
        # the addresses of a visitor's own photos are for this page only, and soon for nobody
        answered = answer.response.to_dict() if answer.own else reply(answer, request.request, heatmaps=False)
        return (
            *inputs,
            *self.answer.show(answer, query, note, [] if answer.own else self.questions.fields(asked.where)),
            self.compare.wanting(query, asked.where),
            carried(query, answered, own=answer.own),
            address_of(query, asked.where, way, own=answer.own, asked=opened),
            kept(query),
            gr.skip() if way == "opened" else followed(query, own=answer.own),
            *self.query_panel.guesses.show(answer.response),
            *self.query_panel.way_back.end(),
        )

    def forgotten(self, where: str, request: gr.Request, hint: str = "", filters: ChosenFilters = ()) -> Any:
        """The values of `outputs` where nothing is asked; nothing changes if something was asked since."""
        return self.no_answer(where, hint, filters) if self.questions.forget(request) else gr.skip()

    def no_answer(
        self, where: str, hint: str = "", filters: ChosenFilters = (), opened: str | None = None
    ) -> tuple[Any, ...]:
        """The values of `outputs` before a search; the hint is said instead of what is ready.

        Args:
            filters: of the wall.
            opened: the fragment that it was opened by.
        """
        query, own = replace(self.nothing(where), filters=filters), where == YOURS
        size, fields = self.answerer.galleries.get(where, 0), self.questions.fields(where)
        nothing = self.answer.empty(where, size, own=own, hint=hint, fields=fields, filters=filters)
        way: Way = "derived" if opened is None else "opened"
        address = address_of(query, where, way, own=own, asked=opened) if filters else None
        panel = self.query_panel
        after = (*panel.guesses.empty(), *panel.way_back.end())
        return *nothing, None, None, address, kept(query), None, *after

    def nothing(self, where: str) -> PageQuery:
        """The query before there is one."""
        return PageQuery(None, "", DEFAULT_RESULTS, 0.0, self.questions.gallery(where))
