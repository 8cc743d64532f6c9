"""What a visitor asks with: the paper, the words, the buttons and the drawn examples."""

import gradio as gr

from stnet.search.query import DEFAULT_RESULTS, MOST_RESULTS
from webapp.canvas import Sketch, SketchCanvas
from webapp.clearing import WayBack
from webapp.examples import STROKE_UNITS, Example, button_id, load_examples
from webapp.guesses import GuessChips
from webapp.skip_link import SkipLink

LIVE = "live"  # elem_id of the tick without which nothing is searched while somebody draws


class QueryPanel:
    """Made where gr.Blocks is open; `page.py` connects its events.

    Attributes:
        sketch, text, top_k, balance: what a search is asked with, also together as `inputs`.
        live: whether to search while the visitor draws.
        options: the frame around what is set more rarely.
        guesses: what the model takes the drawing for.
        go, clear: the two buttons; way_back: to what was cleared.
        examples, example_buttons: in the same order; there once `add_examples` was called.
    """

    def __init__(self) -> None:
        gr.HTML("<strong>1. Draw a thing</strong>")
        self.sketch = SketchCanvas(
            elem_id="sketch",
            label="Draw a thing",
            text_box="text",
            search_button="go",
            clear_button="clear",
            draft="stnet",
            settled_if=LIVE,
        )
        gr.HTML("<strong>2. Say what surrounds it</strong>")
        self.text = gr.Textbox(
            label="Words about what surrounds it",
            show_label=False,
            container=False,
            placeholder="for example: on the snow, at night",
            elem_id="text",
            lines=1,
            max_lines=1,
        )
        SkipLink()
        with gr.Row():
            self.clear = gr.Button("Clear all", elem_id="clear", scale=1, min_width=100)
            self.go = gr.Button("Search", variant="primary", elem_id="go", scale=3, min_width=140)
        self.way_back = WayBack()
        self.guesses = GuessChips()  # below the buttons, which don't move when it speaks
        with gr.Accordion("Options", open=False, elem_id="options") as self.options:
            self._add_options()
        self.inputs = [self.sketch, self.text, self.top_k, self.balance]
        self.examples: list[Example] = []
        self.example_buttons: list[gr.Button] = []

    def _add_options(self) -> None:
        self.live = gr.Checkbox(label="Search while I draw", value=False, elem_id=LIVE)
        self.balance = gr.Slider(
            -1,
            1,
            value=0,
            step=0.1,
            label="Words or drawing",
            info="Left: only your words count. Middle: both. Right: only your drawing.",
            elem_id="balance",
        )
        self.top_k = gr.Slider(
            1, MOST_RESULTS, value=DEFAULT_RESULTS, step=1, label="Number of results", elem_id="top_k"
        )

    def add_examples(self) -> None:
        """Add the examples where gr.Blocks is open now."""
        self.examples = load_examples()
        gr.HTML("<strong>Or start with an example</strong>", elem_id="examples-title")
        with gr.Row(elem_id="examples"):
            for place, example in enumerate(self.examples):
                label = f"{example.name} {example.text}"
                button = gr.Button(label, size="sm", min_width=120, elem_id=button_id(place))
                self.example_buttons.append(button)


def sketch_of(example: Example) -> Sketch:
    """An example's drawing as the canvas holds it."""
    return Sketch.from_lines(example.strokes, STROKE_UNITS)
