"""Calls of the endpoints: who leaves out arguments at the end gets their defaults, as in Python."""

from typing import Any

import gradio as gr


class LenientBlocks(gr.Blocks):
    """gr.Blocks for endpoints that may get more arguments in time.

    Gradio's clients fill in defaults by themselves. Plain HTTP calls would have to give every argument: each
    new one would break them.
    """

    async def preprocess_data(self, block_fn: Any, inputs: list[Any], *others: Any, **options: Any) -> Any:
        """Gradio's own, with the defaults of what is left out. Only gr.api's arguments have any."""
        left_out = block_fn.inputs[len(inputs) :]
        defaults = [argument.value for argument in left_out if argument.get_block_name() == "api"]
        return await super().preprocess_data(block_fn, [*inputs, *defaults], *others, **options)
