"""A link for who uses the keyboard, seen while it has the focus: past all controls to the first result."""

from typing import Any

import gradio as gr

TEXT = "Skip to the results"
_FOLLOW = """
element.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault(); // the address holds the link of what is shown
    const said = document.getElementById("status");
    said.tabIndex = -1;
    (document.querySelector("#results .thumbnail-item") ?? said).focus();
});
"""
_STYLE = """
a:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
a:focus {
    display: inline-block; padding: 8px 14px; color: #fff; background: #4338ca; border-radius: 6px;
    outline: 3px solid #6366f1; outline-offset: 2px;
}
"""


class SkipLink(gr.HTML):
    """Made where it belongs in the keyboard's order. Without results it leads to what is said of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            html_template=f'<a href="#results">{TEXT}</a>',
            css_template=_STYLE,
            js_on_load=_FOLLOW,
            apply_default_css=False,
            elem_classes=["skip"],
            **options,
        )
