"""What the server sends to a part of the page after its answer: more pictures, or a file."""

from typing import Any

import gradio as gr

DELIVERED = "delivered"  # the event of the document that a part listens to; its detail is the value
_PASS_ON = f"""
watch("value", () => {{
    if (props.value) document.dispatchEvent(new CustomEvent("{DELIVERED}", {{ detail: props.value }}));
}});
"""


class Delivery(gr.HTML):
    """Nothing to be seen. An answer stays what it is while what comes after it is handed on.

    The value says by `to` which part of the page it is for.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            None,
            html_template="<span hidden></span>",
            js_on_load=_PASS_ON,
            apply_default_css=False,
            **options,
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """The value as it is."""
        return value
