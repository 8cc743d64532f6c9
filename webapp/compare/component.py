"""The comparison's two parts of the page as Gradio components. What the browser runs is beside this."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from webapp.compare.wording import DOES, LABELS
from webapp.elements import ELEMENTS

FOLDER = Path(__file__).resolve().parent


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _props(systems: Sequence[str]) -> dict[str, Any]:
    described = [{"name": name, "label": LABELS[name], "does": DOES[name]} for name in systems]
    return {"systems": described, "first": list(systems[:2])}


def _scripts(name: str) -> str:
    return "\n".join([ELEMENTS, *(_read(f"{script}.js") for script in ("choice", name))])


class CompareSwitch(gr.HTML):
    """The tick among the options. The address holds whether it is set, and which systems are compared."""

    def __init__(self, systems: Sequence[str], **options: Any) -> None:
        super().__init__(
            None,
            html_template=_read("switch.html"),
            css_template=_read("switch.css"),
            js_on_load=_scripts("switch"),
            apply_default_css=False,
            **_props(systems),
            **options,
        )


class CompareView(gr.HTML):
    """Two systems' pictures for the query that was answered last, while the address says so.

    Its value is what webapp.compare.content makes. Event of interest:
        wanted: an answer of two systems is needed; the event's data is what `webapp.compare.panel` reads.
    """

    def __init__(self, systems: Sequence[str], **options: Any) -> None:
        super().__init__(
            None,
            html_template=_read("view.html"),
            css_template=_read("view.css"),
            js_on_load=_scripts("view"),
            apply_default_css=False,
            **_props(systems),
            **options,
        )

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """The value as it is."""
        return value
