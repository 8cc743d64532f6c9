"""The page: where its panels are, and what their buttons do."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from stnet.search.query import DEFAULT_RESULTS, EMPTY_QUERY
from webapp.api.http import LenientBlocks, add_endpoints, reply
from webapp.canvas import Sketch
from webapp.clearing import Clearing
from webapp.compare.panel import ComparePanel
from webapp.examples import Example
from webapp.files.no_downloads import refuse_addresses
from webapp.gallery_switch import ONE_GROUP, YOURS, GallerySwitch
from webapp.guesses import with_name
from webapp.hunt import Hunt, followed
from webapp.later import Later
from webapp.launching import launch_options
from webapp.photos.panel import PhotosPanel
from webapp.query import ChosenFilters, PageQuery, read_likeness, wished
from webapp.query_panel import QueryPanel, sketch_of
from webapp.questions import Asked, Questions
from webapp.results.panel import AnswerPanel
from webapp.results.wording import NO_SUCH_GALLERY
from webapp.search_service import WAITING, Answerer, slots
from webapp.share import TakeAway, carried
from webapp.share.address import AddressBar, Way, address_of, opened_by
from webapp.shown_filters import FilterKeeper, ShownFilters, kept
from webapp.skip_link import SkipLink

__all__ = ["build", "launch_options"]
FOLDER = Path(__file__).resolve().parent
SCRIPTS = ("focus", "toasts")  # of the whole page
# Gradio has no option for it: a screen reader says the status line when it changes
ANNOUNCE = "() => document.querySelector('#status').setAttribute('aria-live', 'polite')"
HOUR = 3600

INTRO = """<h1>STNET: draw, say, find</h1>
<p>Draw a thing and say what the drawing can't show (its place, its size, what is beside it): \
get the pictures where both are true.</p>"""


def build(answerer: Answerer) -> gr.Blocks:
    """The page and the endpoints; `launch_options` says how to start them."""
    refuse_addresses()
    # every hour, pictures and uploads older than a day are deleted
    options = {"analytics_enabled": False, "delete_cache": (HOUR, 24 * HOUR), "fill_width": True}
    with LenientBlocks(title="STNET: draw, say, find", **options) as page:
        page.temp_file_sets.append(answerer.shelf.files)
        _Page(page, answerer)
        page.load(None, js=ANNOUNCE)
        page.load(None, js=ONE_GROUP)
        for name in SCRIPTS:
            page.load(None, js=(FOLDER / f"{name}.js").read_text(encoding="utf-8"))
    return page.queue(max_size=WAITING, default_concurrency_limit=slots())


class _Page:
    """The panels, made where gr.Blocks is open, and the events between them."""

    def __init__(self, blocks: gr.Blocks, answerer: Answerer) -> None:
        self.answerer = answerer
        slot = {"concurrency_id": "search", "concurrency_limit": slots()}
        add_endpoints(answerer, **slot)  # first: Gradio gives a name to whoever asks first
        switch = GallerySwitch(list(answerer.galleries))
        self.where = switch.names
        SkipLink()
        gr.HTML(INTRO, elem_id="title")
        with gr.Row(elem_id="panels"):
            with gr.Column(scale=0, min_width=320, elem_id="query"):
                self.query_panel = QueryPanel()
                self.photos = PhotosPanel(answerer.engine, switch)
            self.questions = Questions(answerer, self.photos)
            with gr.Column(scale=1, min_width=320, elem_id="answer"):
                self.query_panel.add_examples()
                self.where.render()
                self.hunt = Hunt(answerer, paper="sketch", elem_id="hunt")
                first, size = next(iter(answerer.galleries.items()))
                device = answerer.engine.device.type
                self.answer = AnswerPanel(first, size, device, self.questions.fields(first))
                self.compare = ComparePanel(answerer, self.questions)
                self.takeaway = TakeAway(self.questions.heatmaps, elem_id="takeaway")
        self.address = AddressBar(elem_id="address", paper="sketch")
        self.compare.connect(self.query_panel.options, **slot)
        self.filters = FilterKeeper(elem_id="filters")
        self.later = Later(self.questions)
        self.outputs = [
            *self.answer.outputs,
            self.compare.view,
            self.takeaway,
            self.address,
            self.filters,
            self.hunt,
            *self.query_panel.guesses.outputs,
            *self.query_panel.way_back.outputs,
        ]
        # of every event that searches
        self.searches = {"api_visibility": "private", "show_progress": "minimal"} | slot
        self.searches["show_progress_on"] = self.answer.results  # elsewhere it would cover the paper
        search = self._connect_search()
        self._connect_guesses(search)
        self._connect_answer(search)
        self._connect_changes(blocks, search)
        self.later.connect(self.answer.results, self.takeaway, self.address, self.where)
        for button, example in zip(self.query_panel.example_buttons, self.query_panel.examples, strict=True):
            self._connect_example(button, example, search)

    def _connect_search(self) -> Any:
        panel = self.query_panel
        return gr.on(
            [panel.go.click, panel.text.submit, panel.sketch.submit, panel.sketch.settled],
            self.search,
            [*panel.inputs, panel.live, self.where, self.filters],
            self.outputs,
            # what is asked during a search waits for its end, and only the last: answers stay in order
            trigger_mode="always_last",
            **self.searches,
        )

    def _connect_answer(self, search: Any) -> None:
        """What changes the answer that is shown, whatever is on the paper now."""
        panel, options = self.query_panel, {"cancels": search} | self.searches
        self.answer.results.similar(
            self.similar, [self.address, panel.top_k, panel.balance, self.where], self.outputs, **options
        )
        self.answer.results.unlike(self.unlike, [self.address, self.where], self.outputs, **options)
        self.answer.results.wish(self.wish, [self.address, self.where], self.outputs, **options)
        gr.on(
            [panel.top_k.input, panel.balance.input],
            self.change_setting,
            [self.address, panel.top_k, panel.balance, self.where],
            self.outputs,
            trigger_mode="always_last",
            **self.searches,
        )
        self.address.opened(
            self.open_link,
            [self.where],
            [*panel.inputs, self.where, *self.outputs],
            trigger_mode="multiple",  # somebody may press Back twice
            **options,
        )

    def _connect_changes(self, blocks: gr.Blocks, search: Any) -> None:
        panel, photos = self.query_panel, self.photos
        clearing = Clearing(panel.way_back, self.questions, self.no_answer, self.shown)
        panel.clear.click(
            clearing.clear,
            [*panel.inputs, self.where, self.address],
            [*panel.inputs, *self.outputs],
            cancels=search,
            api_visibility="private",
            show_progress="hidden",
        )
        panel.way_back.button.click(
            clearing.bring_back,
            [panel.way_back.before, self.where],
            [*panel.inputs, self.where, *self.outputs],
            cancels=search,
            **self.searches,
        )
        self.where.input(
            self.switch,
            [*panel.inputs, self.where],
            self.outputs,
            cancels=search,
            trigger_mode="always_last",
            **self.searches,
        )
        # an older answer is of another gallery, or its pictures are gone
        for event in photos.connect(blocks):
            event(
                self.no_answer,
                self.where,
                self.outputs,
                api_visibility="private",
                show_progress="hidden",
            )

    def _connect_guesses(self, search: Any) -> None:
        panel = self.query_panel
        options = {name: value for name, value in self.searches.items() if name != "api_visibility"}
        inputs, outputs = [*panel.inputs, self.where, self.filters], [panel.text, *self.outputs]
        panel.guesses.connect(self.confirm, inputs, outputs, cancels=search, **options)

    def _connect_example(self, button: gr.Button, example: Example, search: Any) -> None:
        panel = self.query_panel
        sketch = sketch_of(example)

        def show(top_k: int, balance: float, where: str, request: gr.Request) -> Any:
            where = example.gallery if example.gallery in self.answerer.galleries else where
            query = PageQuery(sketch, example.text, top_k, balance, self.questions.gallery(where))
            asked = self.questions.ask(query, where, request)
            return self.shown(asked, request, (sketch, example.text, where))

        button.click(
            show,
            [panel.top_k, panel.balance, self.where],
            [panel.sketch, panel.text, self.where, *self.outputs],
            cancels=search,
            **self.searches,
        )

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
        query = PageQuery(sketch, text, top_k, balance, self.questions.gallery(where), filters=filters)
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

    def switch(
        self, sketch: Sketch | None, text: str, top_k: int, balance: float, where: str, request: gr.Request
    ) -> Any:
        """The same query in what the visitor has chosen now; without a query, no answer and no refusal."""
        if sketch is None and not text.strip():
            return self.forgotten(where, request)
        query = PageQuery(sketch, text, top_k, balance, self.questions.gallery(where))
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
        query = wished(query or self.nothing(where), event._data)
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
