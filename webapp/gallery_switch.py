"""Which pictures the page searches: a gallery of the server, or the visitor's own photos."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

YOURS = "Your photos"  # no gallery of the server may be called that
WHERE = "where"  # elem_id
# Gradio names each radio differently; only in one group do the arrow keys go from one to the next
ONE_GROUP = f"""() => {{
    const join = (event) => {{
        const radios = event.target.closest?.("#{WHERE}")?.querySelectorAll("input[type=radio]") ?? [];
        for (const radio of radios) radio.name = "{WHERE}";
    }};
    for (const moment of ["focusin", "keydown"]) document.addEventListener(moment, join);
}}"""


class _Names(gr.Radio):
    is_template = True  # to Gradio it is the radio that it inherits from

    def preprocess(self, payload: Any) -> str:
        """Any name: whoever searches says best what is wrong with one that isn't offered.

        Gradio would compare it with the choices of a page that it may have forgotten, after a restart.
        """
        return str(payload)


class GallerySwitch:
    """Made where gr.Blocks is open, placed by `names.render()`; there to see only where there is a choice.

    Attributes:
        names: the radio; an input of every search, with the chosen gallery's name, or YOURS.
    """

    def __init__(self, galleries: Sequence[str]) -> None:
        """`galleries`: the server's, by name; the first is chosen."""
        self._galleries = list(galleries)
        self.names = _Names(
            self._galleries,
            value=self._galleries[0],
            label="Search in",
            visible=len(self._galleries) > 1,
            elem_id=WHERE,
            render=False,
        )

    def with_own(self) -> gr.Radio:
        """The value of `names` once a visitor has photos here: they can be chosen, and are."""
        return gr.Radio([*self._galleries, YOURS], value=YOURS, visible=True)

    def without_own(self, chosen: str) -> gr.Radio:
        """The value of `names` when they are gone; what else was `chosen` stays."""
        value = self._galleries[0] if chosen == YOURS else chosen
        return gr.Radio(self._galleries, value=value, visible=len(self._galleries) > 1)
