"""The page: what is on it, and what its buttons do."""

import os
from pathlib import Path
from typing import Any

import gradio as gr

from stnet.search import SearchEngine
from webapp.addresses import refuse_addresses
from webapp.answering import Answer, Answerer, refusals
from webapp.calls import LenientBlocks
from webapp.canvas import Sketch, SketchCanvas
from webapp.endpoints import add_endpoints
from webapp.examples import STROKE_UNITS, Example, load_examples
from webapp.wording import caption, invitation, status

CSS = Path(__file__).resolve().parent / "page.css"
# Gradio has no option for it: a screen reader says the status line when it changes
ANNOUNCE = "() => document.querySelector('#status').setAttribute('aria-live', 'polite')"
ICON = 96  # pixels of an example's square drawing
PICTURES, HEATMAPS = "Pictures", "Heat maps"
RESULTS, MOST_RESULTS = 12, 50
WAITING = 32  # searches that may queue; the next visitor hears at once that the server is full
HOUR = 3600
FONTS = ("system-ui", "sans-serif")  # what the visitor has: nothing to download

# what the two views show: (path, caption) of every result
Views = dict[str, list[tuple[str, str]]]

INTRO = """# STNET: draw, say, find
Draw a thing and say what the drawing can't show (its place, its size, what is beside it): \
get the pictures where both are true."""


def build(engine: SearchEngine) -> gr.Blocks:
    """The page and the endpoints around an engine; `launch_options` says how to start them."""
    refuse_addresses()
    answerer = Answerer(engine)
    # every hour, pictures and uploads older than a day are deleted
    options = {"analytics_enabled": False, "delete_cache": (HOUR, 24 * HOUR), "fill_width": True}
    with LenientBlocks(title="STNET: draw, say, find", **options) as page:
        page.temp_file_sets.append(answerer.shelf.files)
        _Page(answerer)
        page.load(None, js=ANNOUNCE)
    return page.queue(max_size=WAITING, default_concurrency_limit=_slots())


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
        "footer_links": ["api"],
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


def _slots() -> int:
    """Searches at a time. The engine lets no more compute than there are cores; the others write pictures."""
    return max(2, os.cpu_count() or 1)


class _Page:
    """The components, made where gr.Blocks is open, and the events between them."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer
        self.slots = {"concurrency_id": "search", "concurrency_limit": _slots()}
        add_endpoints(answerer, **self.slots)  # first: Gradio gives a name to whoever asks first
        gr.Markdown(INTRO, elem_id="title")
        self.views = gr.State({})
        with gr.Row():
            with gr.Column(scale=0, min_width=320, elem_id="query"):
                self._add_query()
            with gr.Column(scale=1, min_width=320, elem_id="answer"):
                buttons = self._add_examples(examples := load_examples())
                self._add_results()
        self._connect()
        for button, example in zip(buttons, examples, strict=True):
            self._connect_example(button, example)

    def _add_query(self) -> None:
        gr.Markdown("**1. Draw a thing**")
        self.sketch = SketchCanvas(elem_id="sketch", label="Draw a thing", text_box="words")
        gr.Markdown("**2. Say what surrounds it**")
        self.words = gr.Textbox(
            label="Words about what surrounds it",
            show_label=False,
            container=False,
            placeholder="for example: on the snow, at night",
            elem_id="words",
            lines=1,
            max_lines=1,
        )
        with gr.Row():
            self.clear = gr.Button("Clear", elem_id="clear", scale=1, min_width=90)
            self.go = gr.Button("Search", variant="primary", elem_id="go", scale=3, min_width=140)
        self.count = gr.Slider(
            1, MOST_RESULTS, value=RESULTS, step=1, label="Number of results", elem_id="count"
        )

    def _add_results(self) -> None:
        self.status = gr.Markdown(invitation(self.answerer.gallery_size), elem_id="status")
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

    def _add_examples(self, examples: list[Example]) -> list[gr.Button]:
        gr.Markdown("**Or start with an example**", elem_id="examples-title")
        buttons = []
        with gr.Row(elem_id="examples"):
            for example in examples:
                icon = self.answerer.shelf.put_picture(_sketch(example).draw(ICON), "PNG")
                label = f"{example.name} {example.words}"
                buttons.append(gr.Button(label, icon=icon, size="sm", min_width=120))
        return buttons

    def _connect(self) -> None:
        answer = [self.views, self.results, self.status]
        query = [self.sketch, self.words, self.count, self.view]
        for event in (self.go.click, self.words.submit, self.sketch.submit):
            event(self.search, query, answer, api_visibility="private", show_progress="minimal", **self.slots)
        self.view.change(
            lambda views, view: gr.Gallery(views.get(view), selected_index=None),
            [self.views, self.view],
            self.results,
            api_visibility="private",
            show_progress="hidden",
        )
        self.clear.click(
            lambda: (None, "", {}, gr.Gallery(None), invitation(self.answerer.gallery_size)),
            None,
            [self.sketch, self.words, *answer],
            api_visibility="private",
            show_progress="hidden",
        )

    def _connect_example(self, button: gr.Button, example: Example) -> None:
        sketch = _sketch(example)

        def show(count: int, view: str) -> tuple[Sketch, str, Views, gr.Gallery, str]:
            return sketch, example.words, *self.search(sketch, example.words, count, view)

        button.click(
            show,
            [self.count, self.view],
            [self.sketch, self.words, self.views, self.results, self.status],
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=self.results,  # elsewhere it would cover the paper
            **self.slots,
        )

    def search(
        self, sketch: Sketch | None, words: str, count: int, view: str
    ) -> tuple[Views, gr.Gallery, str]:
        with refusals():
            drawing = sketch.draw() if sketch else None
            return _shown(self.answerer.search(drawing, words, count), view)


def _sketch(example: Example) -> Sketch:
    return Sketch.from_lines(example.strokes, STROKE_UNITS)


def _shown(answer: Answer, view: str) -> tuple[Views, gr.Gallery, str]:
    """An answer as both views of it, the one that is wanted, and the status line."""
    captions = [caption(result) for result in answer.response.results]
    heatmaps = [heatmap or picture for heatmap, picture in zip(answer.heatmaps, answer.pictures, strict=True)]
    views = {
        PICTURES: list(zip(answer.pictures, captions, strict=True)),
        HEATMAPS: list(zip(heatmaps, captions, strict=True)),
    }
    return views, gr.Gallery(views[view], selected_index=None), status(answer.response)
