"""The part of the page where a visitor chooses photos of their own, and whether they are searched."""

from typing import Any

import gradio as gr

from stnet.search import SearchEngine
from webapp.gallery_switch import YOURS, GallerySwitch
from webapp.photos import wording
from webapp.photos.choice import Choice
from webapp.photos.galleries import PhotosError, PrivateGalleries, PrivateGallery
from webapp.photos.picker import PhotoPicker

INDEXING_AT_A_TIME = 2  # for all visitors together: more would only slow each other
# as for the status line of the page, once it is there
ANNOUNCE = "() => document.querySelector('#photos-said')?.setAttribute('aria-live', 'polite')"
_PROGRESS = gr.Progress()


class PhotosPanel:
    """Made where gr.Blocks is open."""

    def __init__(self, engine: SearchEngine, switch: GallerySwitch) -> None:
        """`switch` will offer a visitor's photos while there are any."""
        self._galleries = PrivateGalleries(engine)
        self._switch = switch
        with gr.Accordion("Search your own photos", open=False, elem_id="photos") as self._frame:
            gr.HTML(wording.RULES, elem_id="photos-rules")
            self._picker = PhotoPicker(elem_id="photo-picker")
            self._said = gr.HTML("", elem_id="photos-said")
            self._remove = gr.Button("Remove my photos", visible=False, elem_id="remove-photos")

    def connect(self, page: gr.Blocks) -> list[Any]:
        """Join the events inside; returns those after which an older answer has lost its photos."""
        self._frame.expand(None, js=ANNOUNCE)
        shown = [self._said, self._picker, self._remove, self._switch.names]
        chosen = self._picker.chosen(
            self._index,
            self._picker,
            shown,
            api_visibility="private",
            trigger_mode="multiple",  # a second choice is refused by us, with a reason
            show_progress_on=self._said,
            concurrency_id="photos",
            concurrency_limit=INDEXING_AT_A_TIME,
        )
        removed = self._remove.click(
            self._forget, self._switch.names, shown, api_visibility="private", show_progress="hidden"
        )
        page.unload(self._leave)
        return [chosen.then, removed.then]

    def gallery(self, where: str, request: gr.Request) -> PrivateGallery | None:
        """What the switch says to search: this visitor's own gallery, or None for the server's.

        Raises:
            PhotosError: if their own is wanted and there is none, or none any more.
        """
        return self._galleries.find(request.session_hash) if where == YOURS else None

    def _index(
        self, choice: Choice, request: gr.Request, progress: gr.Progress = _PROGRESS
    ) -> tuple[str, None, Any, Any]:
        progress(0, desc="Indexing your photos")

        def tell(done: int, total: int) -> None:
            progress((done, total), desc="Indexing your photos", unit="photos")

        try:
            indexed = self._galleries.index(request.session_hash, choice, tell)
        except PhotosError as error:
            # what was there before is still there
            return wording.refused(str(error), choice.left_out), None, gr.skip(), gr.skip()
        return wording.ready(indexed), None, gr.Button(visible=True), self._switch.with_own()

    def _forget(self, where: str, request: gr.Request) -> tuple[str, None, Any, Any]:
        self._galleries.remove(request.session_hash)
        return wording.removed(), None, gr.Button(visible=False), self._switch.without_own(where)

    def _leave(self, request: gr.Request) -> None:
        self._galleries.remove(request.session_hash)
