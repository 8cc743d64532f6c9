"""The endpoints for machines, `/search`, `/similar`, `/browse` and `/hunt`: JSON, pictures by addresses."""

from typing import Any

import gradio as gr
from gradio.blocks import BlocksConfig
from starlette.requests import Request

from stnet.search.browsing import DEFAULT_PICTURES
from stnet.search.query import DEFAULT_RESULTS
from webapp.api.addresses import base_address, file_address
from webapp.api.sketches import uploaded_picture
from webapp.hunt.endpoint import add_hunt
from webapp.kept_configs import KeptConfigs
from webapp.search_service import Answer, Answerer, refusals


def add_endpoints(answerer: Answerer, **slots: Any) -> None:
    """Add the endpoints to the gr.Blocks that is being built; `slots` say how many calls run at once."""

    def search(
        request: gr.Request,
        sketch: gr.FileData | None = None,
        text: str | None = None,
        top_k: int = DEFAULT_RESULTS,
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
        """Find pictures by a sketch of a thing, words about what surrounds it, or both.

        Args:
            sketch: a picture file of a drawing (PNG, JPEG or WebP; any pen on any plain paper), or null.
            text: words about what the drawing can't show, for example "on the snow, at night", or null.
            top_k: how many results, 1 to MOST_RESULTS.
            balance: between sketch and words, from -1 (words alone) to 1 (sketch alone); 0 takes both.
            gallery: the name of one of this server's galleries, or null for its first.
            exclude: words for what to leave out, for example "grass", or null.
            unlike: ids of results to turn away from, or null.
            several: search for each thing that is drawn apart on the paper, and for where it is drawn.
            hide_duplicates: show of pictures that are nearly the same the gallery's first alone.
            offset: how many of the best results to leave out, for the next page of an answer.
            filters: only pictures of which the metadata says this, for example {"light": "night"}, or null.
            sought: the id of a picture of the gallery: the answer says at which rank it came; or null.
            names: with several, what each thing is called, from left to right, for example ["cat", "ball"],
                with "" for one without a name; or null.
            heatmaps: paint the pictures with their heat maps, too; without, answers come sooner.
            guess: let the names that the sketch is taken for count as if you had said them.

        Returns:
            The results, best first, with the addresses of the pictures and of their heat maps.
        """
        with refusals():
            drawing = uploaded_picture(sketch, "sketch")
            answer = answerer.search(
                drawing,
                text,
                top_k,
                balance,
                exclude=exclude,
                unlike=unlike,
                several=several,
                hide_duplicates=hide_duplicates,
                sought=sought,
                names=names,
                guess=guess,
                gallery=gallery,
                offset=offset,
                filters=filters,
            )
            return reply(answer, request.request, heatmaps=heatmaps)

    def similar(
        request: gr.Request,
        id: str | None = None,
        top_k: int = DEFAULT_RESULTS,
        gallery: str | None = None,
        region: list[float] | None = None,
        image: gr.FileData | None = None,
        text: str | None = None,
        offset: int = 0,
        filters: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Find pictures that are like one of a gallery, or like one that you send.

        Args:
            id: the id of a result of /search, or null for an image.
            top_k: how many results, 1 to MOST_RESULTS.
            gallery: the name of the one that the picture is in, or null for the server's first.
            region: x0, y0, x1, y1 in 0..1 of the picture, to find the like of what is there, or null.
            image: a picture file (PNG, JPEG, WebP, ...) instead of the id, or null.
            text: words about what else the pictures should show, or null.
            offset: how many of the best results to leave out, for the next page of an answer.
            filters: only pictures of which the metadata says this, or null.

        Returns:
            The results, best first, with the addresses of the pictures.
        """
        with refusals():
            sent = uploaded_picture(image, "image")
            answer = answerer.similar(
                id, top_k, region, image=sent, text=text, gallery=gallery, offset=offset, filters=filters
            )
            return reply(answer, request.request)

    def browse(
        request: gr.Request,
        offset: int = 0,
        count: int = DEFAULT_PICTURES,
        gallery: str | None = None,
        filters: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Look through a gallery without a query, in an order that shows what it holds.

        Args:
            offset: how many pictures to leave out before the first.
            count: how many pictures, 1 to MOST_RESULTS.
            gallery: the name of one of this server's galleries, or null for its first.
            filters: only pictures of which the metadata says this, or null.

        Returns:
            The pictures with their addresses, and how many there are in all.
        """
        with refusals():
            wall = answerer.browse(offset, count, gallery=gallery, filters=filters)
            base = base_address(request.request)
            return wall.page.to_dict([file_address(base, path) for path in wall.pictures])

    gr.api(search, api_name="search", **slots)
    gr.api(similar, api_name="similar", **slots)
    gr.api(browse, api_name="browse", **slots)
    add_hunt(answerer, **slots)


def reply(answer: Answer, request: Request, *, heatmaps: bool = True) -> dict[str, Any]:
    """The answer to `request`; its pictures can be fetched from where the request was sent to.

    Args:
        heatmaps: paint them, too; without, `heatmap_addresses` can still be asked for.
    """
    base = base_address(request)
    return answer.response.to_dict(
        [file_address(base, path) for path in answer.pictures],
        heatmap_addresses(answer, base) if heatmaps else None,
    )


def heatmap_addresses(answer: Answer, base: str) -> list[str | None]:
    """Where the answer's heat maps can be fetched from a server whose address is `base`; this paints them."""
    return [None if path is None else file_address(base, path) for path in answer.paint_heatmaps()]


class LenientBlocks(gr.Blocks):
    """gr.Blocks for endpoints that may get more arguments in time: who leaves some out gets their defaults.

    Gradio's clients fill in defaults by themselves. Plain HTTP calls would have to give every argument: each
    new one would break them.

    What is told of the components is worked out once: see `KeptConfigs`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.default_config: BlocksConfig = KeptConfigs(self.default_config)

    async def preprocess_data(self, block_fn: Any, inputs: list[Any], *others: Any, **options: Any) -> Any:
        """Gradio's own, with the defaults of what is left out. Only gr.api's arguments have any."""
        left_out = block_fn.inputs[len(inputs) :]
        defaults = [argument.value for argument in left_out if argument.get_block_name() == "api"]
        return await super().preprocess_data(block_fn, [*inputs, *defaults], *others, **options)
