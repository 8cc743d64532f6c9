"""``python -m benchmarks.gradio_floor``: plain Gradio on $PORT, with an endpoint /search that does nothing.

It takes what ours takes. What a call costs here, every program that Gradio serves pays.
"""

import os
import sys
from typing import Any

# Gradio reads this when it is imported
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr

HOST = "127.0.0.1"


def floor() -> gr.Blocks:
    """The page, which is empty."""

    def search(
        sketch: gr.FileData | None = None,
        text: str | None = None,
        top_k: int = 12,
        balance: float = 0.0,
        gallery: str | None = None,
        exclude: str | None = None,
        unlike: list[str] | None = None,
        several: bool = False,
        hide_duplicates: bool = False,
        offset: int = 0,
        filters: dict[str, Any] | None = None,
        sought: str | None = None,
        names: list[str] | None = None,
        heatmaps: bool = True,
        guess: bool = True,
    ) -> dict[str, Any]:
        return {"results": []}

    with gr.Blocks(analytics_enabled=False) as page:
        gr.api(search, api_name="search")
    return page


def main() -> int:
    """Serve it until the process is ended."""
    floor().launch(server_name=HOST, server_port=int(os.environ["PORT"]), ssr_mode=False, quiet=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
