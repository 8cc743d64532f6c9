"""The page: where its panels are, and what their buttons do."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from webapp.api.http import LenientBlocks, add_endpoints, heatmap_addresses, reply
from webapp.canvas import Sketch
from webapp.examples import Example
from webapp.files.guard import FileGuard
from webapp.files.incoming import BoundedRequests
from webapp.files.no_downloads import refuse_addresses
from webapp.gallery_switch import ONE_GROUP, YOURS, GallerySwitch
from webapp.guesses import with_name
from webapp.photos.panel import PhotosPanel
from webapp.query import PageQuery
from webapp.query_panel import QueryPanel, sketch_of
from webapp.results.panel import AnswerPanel
from webapp.results.wording import NO_SUCH_GALLERY
from webapp.search_service import WAITING, Answerer, refusals, slots
from webapp.share import TakeAway, carried
from webapp.share.link import query_of
from webapp.turns import Turns

CSS = Path(__file__).resolve().parent / "page.css"
# Gradio has no option for it: a screen reader says the status line when it changes
ANNOUNCE = "() => document.querySelector('#status').setAttribute('aria-live', 'polite')"
HOUR = 3600
FONTS = ("system-ui", "sans-serif")  # what the visitor has: nothing to download

INTRO = """# STNET: draw, say, find
Draw a thing and say what the drawing can't show (its place, its size, what is beside it): \
get the pictures where both are true."""


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
    return page.queue(max_size=WAITING, default_concurrency_limit=slots())


def launch_options() -> dict[str, Any]:
    """Keyword arguments of `launch` that belong to this page, wherever it is served."""
    return {
        "css_paths": [CSS],
        "theme": _theme(),
        "max_file_size": "8mb",
        "show_error": False,
        "share": False,
        "ssr_mode": False,
        "enable_monitoring": False,
        "run_history": False,
        "mcp_server": False,  # ours is in mcp_server.py
        "footer_links": ["api"],
        "app_kwargs": {
            "middleware": [
                Middleware(FileGuard, uploads=Path(get_upload_folder())),
                Middleware(BoundedRequests),
            ]
        },
    }


def _theme() -> gr.themes.Base:
    """Soft, a shade darker where its text is hard to read (WCAG asks for a contrast of 4.5)."""
    return gr.themes.Soft(primary_hue="indigo", neutral_hue="slate", font=FONTS).set(
        body_text_color_subdued="*neutral_600",
        block_title_text_color="*primary_700",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        checkbox_label_background_fill_selected="*primary_600",
        block_border_width="1px",
        input_border_width="1px",
        input_border_color="*neutral_400",
        input_border_color_dark="*neutral_500",
    )


class _Page:
    """The panels, made where gr.Blocks is open, and the events between them."""

    def __init__(self, blocks: gr.Blocks, answerer: Answerer) -> None:
        self.answerer, self.turns = answerer, Turns()
        self.slots = {"concurrency_id": "search", "concurrency_limit": slots()}
        add_endpoints(answerer, **self.slots)  # first: Gradio gives a name to whoever asks first
        switch = GallerySwitch(list(answerer.galleries))
        self.where = switch.names
        gr.Markdown(INTRO, elem_id="title")
        with gr.Row(elem_id="panels"):
            with gr.Column(scale=0, min_width=320, elem_id="query"):
                self.query_panel = QueryPanel()
                self.photos = PhotosPanel(answerer.engine, switch)
            with gr.Column(scale=1, min_width=320, elem_id="answer"):
                self.query_panel.add_examples(answerer.shelf)
                self.where.render()
                self.answer = AnswerPanel(len(answerer.engine.gallery), answerer.engine.device.type)
                self.takeaway = TakeAway(self.heatmaps, elem_id="takeaway")
        self.outputs = [*self.answer.outputs, self.takeaway, *self.query_panel.guesses.outputs]
        search = self._connect_search()
        self._connect_guesses(search)
        self._connect_changes(blocks, search)
        for button, example in zip(self.query_panel.example_buttons, self.query_panel.examples, strict=True):
            self._connect_example(button, example, search)

    def _connect_search(self) -> Any:
        panel, answer = self.query_panel, self.answer
        return gr.on(
            [panel.go.click, panel.text.submit, panel.sketch.submit, panel.sketch.settled],
            self.search,
            [*panel.inputs, panel.live, self.where],
            self.outputs,
            # what is asked during a search waits for its end, and only the last: answers stay in order
            trigger_mode="always_last",
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=answer.results,
            **self.slots,
        )

    def _connect_changes(self, blocks: gr.Blocks, search: Any) -> None:
        panel, photos = self.query_panel, self.photos
        self.answer.results.similar(
            self.similar,
            [panel.top_k, self.where],
            self.outputs,
            cancels=search,
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=self.answer.results,
            **self.slots,
        )
        panel.clear.click(
            self.clear,
            self.where,
            [panel.sketch, panel.text, *self.outputs],
            cancels=search,
            api_visibility="private",
            show_progress="hidden",
        )
        self.where.input(
            self.switch,
            [*panel.inputs, self.where],
            self.outputs,
            cancels=search,
            trigger_mode="always_last",
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=self.answer.results,
            **self.slots,
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
        self.takeaway.opened(
            self.open_link,
            [self.where],
            [*panel.inputs, self.where, *self.outputs],
            cancels=search,
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=self.answer.results,  # elsewhere it would cover the paper
            **self.slots,
        )

    def _connect_guesses(self, search: Any) -> None:
        panel = self.query_panel
        panel.guesses.connect(
            self.confirm,
            [*panel.inputs, self.where],
            [panel.text, *self.outputs],
            cancels=search,
            show_progress="minimal",
            show_progress_on=self.answer.results,
            **self.slots,
        )

    def _connect_example(self, button: gr.Button, example: Example, search: Any) -> None:
        panel, answer = self.query_panel, self.answer
        sketch = sketch_of(example)

        def show(top_k: int, balance: float, where: str, request: gr.Request) -> Any:
            where = example.gallery if example.gallery in self.answerer.galleries else where
            query = PageQuery(sketch, example.text, top_k, balance, self.gallery(where))
            return _unless_overtaken(self.found(query, where, request), sketch, example.text, where)

        button.click(
            show,
            [panel.top_k, panel.balance, self.where],
            [panel.sketch, panel.text, self.where, *self.outputs],
            cancels=search,
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=answer.results,
            **self.slots,
        )

    def search(
        self,
        sketch: Sketch | None,
        text: str,
        top_k: int,
        balance: float,
        live: bool,
        where: str,
        request: gr.Request,
    ) -> Any:
        # who searches while drawing need not be told that an empty paper has no results
        if live and sketch is None and not text.strip():
            self.turns.begin(str(request.session_hash))
            return self.no_answer(where)
        query = PageQuery(sketch, text, top_k, balance, self.gallery(where))
        return _unless_overtaken(self.found(query, where, request))

    def confirm(
        self,
        guess: str,
        sketch: Sketch | None,
        text: str,
        top_k: int,
        balance: float,
        where: str,
        request: gr.Request,
    ) -> Any:
        """A search with the guessed name before the words."""
        words = with_name(guess, text)
        query = PageQuery(sketch, words, top_k, balance, self.gallery(where))
        return _unless_overtaken(self.found(query, where, request), words)

    def switch(
        self, sketch: Sketch | None, text: str, top_k: int, balance: float, where: str, request: gr.Request
    ) -> Any:
        """The same query in what the visitor has chosen now; without a query, no answer and no refusal."""
        return self.search(sketch, text, top_k, balance, True, where, request)

    def clear(self, where: str, request: gr.Request) -> tuple[Any, ...]:
        """An empty query and no answer, also if one is on its way."""
        self.turns.begin(str(request.session_hash))
        return None, "", *self.no_answer(where)

    def open_link(self, where: str, event: gr.EventData, request: gr.Request) -> Any:
        """The query of a link as the values of the query's inputs and of the switch, and its answer."""
        with refusals():
            query = query_of(str(event.fragment))
        note = ""
        if query.gallery in self.answerer.galleries:
            where = query.gallery
        elif query.gallery is not None:
            note = NO_SUCH_GALLERY
        answer = self.found(replace(query, gallery=self.gallery(where)), where, request, note)
        return _unless_overtaken(answer, query.sketch, query.text, query.top_k, query.balance, where)

    def gallery(self, where: str) -> str | None:
        """What a query of the page names as its gallery, for what is chosen; see `PageQuery`."""
        return None if where == YOURS or len(self.answerer.galleries) == 1 else where

    def found(
        self, query: PageQuery, where: str, request: gr.Request, note: str = ""
    ) -> tuple[Any, ...] | None:
        """An answer as the values of `outputs`; None if the visitor has asked something else since.

        Args:
            note: for the visitor, before what is said about the answer.
        """
        turn = self.turns.begin(str(request.session_hash))
        with refusals():
            picture = query.sketch.draw() if query.sketch else None
            photos = self.photos.gallery(where, request)
            answer = self.answerer.search(
                picture, query.text, query.top_k, query.balance, gallery=query.gallery, photos=photos
            )
        if self.turns.overtaken(turn):
            return None
        # the addresses of a visitor's own photos are for this page only, and soon for nobody
        answered = answer.response.to_dict() if answer.own else reply(answer, request.request, heatmaps=False)
        taken = carried(query, answered, own=answer.own)
        return *self.answer.show(answer, note), taken, *self.query_panel.guesses.show(answer.response)

    def heatmaps(self, query: PageQuery, address: str) -> list[str | None]:
        """For a download: the addresses of the heat maps of a query's answer from the server's gallery."""
        picture = query.sketch.draw() if query.sketch else None
        answer = self.answerer.search(picture, query.text, query.top_k, query.balance, gallery=query.gallery)
        return heatmap_addresses(answer, address.rstrip("/"))

    def similar(self, top_k: int, where: str, event: gr.EventData, request: gr.Request) -> Any:
        """Pictures like the result that the event names, or with the like of what one region of it shows."""
        wanted = event._data or {}
        turn = self.turns.begin(str(request.session_hash))
        with refusals():
            photos = self.photos.gallery(where, request)
            answer = self.answerer.similar(
                wanted.get("id"), top_k, wanted.get("region"), gallery=self.gallery(where), photos=photos
            )
        if self.turns.overtaken(turn):
            return gr.skip()
        # it is no query that could be taken elsewhere, and nothing was drawn
        return *self.answer.show(answer), None, *self.query_panel.guesses.empty()

    def no_answer(self, where: str) -> tuple[Any, ...]:
        """The values of `outputs` before a search."""
        nothing = self.answer.empty(self.answerer.galleries.get(where, 0), own=where == YOURS)
        return *nothing, None, *self.query_panel.guesses.empty()


def _unless_overtaken(answer: tuple[Any, ...] | None, *query: Any) -> Any:
    """Values of the query's inputs and of the answer's outputs; nothing changes for an overtaken question."""
    return gr.skip() if answer is None else (*query, *answer)
