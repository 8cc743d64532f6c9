"""The page: where its panels are, and what their buttons do."""

from pathlib import Path
from typing import Any

import gradio as gr

from webapp.api.http import LenientBlocks, add_endpoints
from webapp.clearing import Clearing
from webapp.compare.panel import ComparePanel
from webapp.examples import Example
from webapp.files.no_downloads import refuse_addresses
from webapp.gallery_switch import ONE_GROUP, GallerySwitch
from webapp.hunt import Hunt
from webapp.later import Later
from webapp.launching import launch_options
from webapp.page_answers import PageAnswers
from webapp.photos.panel import PhotosPanel
from webapp.query_panel import QueryPanel
from webapp.questions import Questions
from webapp.results.panel import AnswerPanel
from webapp.search_service import WAITING, Answerer, slots
from webapp.share import TakeAway
from webapp.share.address import AddressBar
from webapp.shown_filters import FilterKeeper
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
        self.answers = PageAnswers(answerer, self.questions, self.query_panel, self.answer, self.compare)
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
            self.answers.search,
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
            self.answers.similar,
            [self.address, panel.top_k, panel.balance, self.where],
            self.outputs,
            **options,
        )
        self.answer.results.unlike(self.answers.unlike, [self.address, self.where], self.outputs, **options)
        self.answer.results.wish(self.answers.wish, [self.address, self.where], self.outputs, **options)
        gr.on(
            [panel.top_k.input, panel.balance.input],
            self.answers.change_setting,
            [self.address, panel.top_k, panel.balance, self.where],
            self.outputs,
            trigger_mode="always_last",
            **self.searches,
        )
        self.address.opened(
            self.answers.open_link,
            [self.where],
            [*panel.inputs, self.where, *self.outputs],
            trigger_mode="multiple",  # somebody may press Back twice
            **options,
        )

    def _connect_changes(self, blocks: gr.Blocks, search: Any) -> None:
        panel, photos = self.query_panel, self.photos
        clearing = Clearing(panel.way_back, self.questions, self.answers.no_answer, self.answers.shown)
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
            self.answers.switch,
            [*panel.inputs, self.where, self.filters],
            self.outputs,
            cancels=search,
            trigger_mode="always_last",
            **self.searches,
        )
        # an older answer is of another gallery, or its pictures are gone
        for event in photos.connect(blocks):
            event(
                self.answers.no_answer,
                self.where,
                self.outputs,
                api_visibility="private",
                show_progress="hidden",
            )

    def _connect_guesses(self, search: Any) -> None:
        panel = self.query_panel
        options = {name: value for name, value in self.searches.items() if name != "api_visibility"}
        inputs, outputs = [*panel.inputs, self.where, self.filters], [panel.text, *self.outputs]
        panel.guesses.connect(self.answers.confirm, inputs, outputs, cancels=search, **options)
        panel.guesses.none.click(
            self.answers.take_for_nothing,
            [self.address, self.where],
            self.outputs,
            cancels=search,
            **self.searches,
        )

    def _connect_example(self, button: gr.Button, example: Example, search: Any) -> None:
        panel = self.query_panel
        button.click(
            self.answers.of_example(example),
            [panel.top_k, panel.balance, self.where],
            [panel.sketch, panel.text, self.where, *self.outputs],
            cancels=search,
            **self.searches,
        )
