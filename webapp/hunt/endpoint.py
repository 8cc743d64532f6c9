"""`/hunt` for machines: the picture of a day."""

from typing import Any

import gradio as gr

from webapp.api.addresses import base_address, file_address
from webapp.hunt.service import hunted
from webapp.search_service import Answerer, refusals


def add_hunt(answerer: Answerer, **slots: Any) -> None:
    """Add the endpoint to the gr.Blocks that is being built; `slots` say how many calls run at once."""

    def hunt(request: gr.Request, day: str | None = None, gallery: str | None = None) -> dict[str, Any]:
        """The picture that is hunted on a day: it is found when a search has it first.

        Args:
            day: a day in UTC, like 2026-11-26, not one to come; null for today.
            gallery: the name of one of this server's galleries, or null for its first.

        Returns:
            The day, the gallery, and the picture's id, address and metadata.
        """
        with refusals():
            picture = hunted(answerer, day, gallery)
        return {
            "day": picture.day,
            "gallery": {"name": picture.gallery, "size": picture.size},
            "id": picture.id,
            "metadata": picture.metadata,
            "image": file_address(base_address(request.request), picture.path),
        }

    gr.api(hunt, api_name="hunt", **slots)
