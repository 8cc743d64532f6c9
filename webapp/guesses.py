"""What the model takes the drawing for, as buttons: a tap adds the name to the words."""

from typing import Any

import gradio as gr

from stnet.search import SearchResponse
from stnet.search.guessing import MOST_GUESSES

QUESTION = "?"  # after a name on a button
DISMISS = "none of these"


class GuessChips:
    """Made where gr.Blocks is open; `page.py` connects the buttons.

    Attributes:
        names: buttons with a name each.
        none: the button that says that it is none of these.
        outputs: all of them: `show` and `empty` return one value for each.
    """

    def __init__(self) -> None:
        with gr.Row(elem_id="guesses"):
            self.names = [_button("", f"guess-{number}") for number in range(MOST_GUESSES)]
            self.none = _button(DISMISS, "guess-none")
        self.outputs = [*self.names, self.none]

    def show(self, response: SearchResponse) -> tuple[gr.Button, ...]:
        """The values of `outputs` for an answer: names that the words don't have yet."""
        said = set(response.text.lower().split())
        names = [guess.name for guess in response.guesses if not set(guess.name.split()) <= said]
        shown = [gr.Button(name + QUESTION, visible=True) for name in names]
        hidden = [gr.Button(visible=False)] * (len(self.names) - len(shown))
        return *shown, *hidden, gr.Button(visible=bool(shown))

    def empty(self) -> tuple[gr.Button, ...]:
        """The values of `outputs` where nothing is guessed."""
        return (gr.Button(visible=False),) * len(self.outputs)

    def connect(self, confirm: Any, inputs: list[Any], outputs: list[Any], **options: Any) -> None:
        """Let every name call `confirm` with what its button says and the inputs."""
        for button in self.names:
            button.click(confirm, [button, *inputs], outputs, api_visibility="private", **options)


def with_name(guess: str, text: str) -> str:
    """The words with what a button says, without its question mark, before them."""
    return f"{guess.removesuffix(QUESTION)} {text.strip()}".strip()


def _button(value: str, elem_id: str) -> gr.Button:
    return gr.Button(value, visible=False, size="sm", min_width=60, scale=0, elem_id=elem_id)
