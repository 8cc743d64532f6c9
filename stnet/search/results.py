"""What a search answers: the one object behind the browser, the API, the command line and Python."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from PIL import Image

from stnet.boxes import Box
from stnet.pictures import open_picture
from stnet.search.guessing import Guess
from stnet.search.heatmaps import draw_box, heatmap_overlay

Mode = Literal["sketch+text", "sketch", "text", "similar"]


class SearchError(ValueError):
    """A query that can't be answered. The text is for the person who asked."""


@dataclass(frozen=True)
class Match:
    """Whether the best picture matches closely; see stnet.search.calibration.

    Attributes:
        close: whether `distinction` is more than what 95 % of meaningless queries reach in this gallery and,
            of words alone that name a thing which the model knows, the best picture seems to show it.
        distinction: how far the best score lies above what meaningless queries score on the same picture, in
            their standard deviations.
        needed: the distinction that a close match must exceed.
    """

    close: bool
    distinction: float
    needed: float


class Sought(NamedTuple):
    """A picture whose rank was wanted, and where it came.

    Attributes:
        id: the picture's in the gallery.
        rank: 1 for the best of all that were scored, which are all pictures of a gallery of up to 1,000. None
            for a picture that was turned away from.
    """

    id: str
    rank: int | None


@dataclass(frozen=True, eq=False)
class SearchResult:
    """One picture of the answer.

    Attributes:
        rank: 1 for the best.
        id: the picture's id in the gallery.
        score: cos(Q, V), or the cosine of the two index vectors for "similar"; -1..1. Of several things drawn
            apart what SeveralThings has, -1.1..1.1.
        percentile: 100 x the share of the gallery's pictures with a lower score. Pictures that were not among
            the candidates count as lower, so without `exhaustive` it may be slightly too high.
        boxes: x0, y0, x1, y1 of each drawn thing in 0..1 of the picture, in the order of their places on the
            paper from left to right; none for "similar".
        heatmap: float32 (rows, columns), the attention over the patch grid, sums to 1; None for "similar".
        heatmap_max: the largest attention among this query's results: the one scale of all its heat maps.
        metadata: what the source said about the picture.
        picture_bytes: the stored file.
        picture_format: "jpeg" or "webp".
    """

    rank: int
    id: str
    score: float
    percentile: float
    boxes: tuple[Box, ...]
    heatmap: np.ndarray | None
    heatmap_max: float
    metadata: dict[str, Any]
    picture_bytes: bytes = field(repr=False)
    picture_format: str

    @property
    def box(self) -> Box | None:
        """Where the drawn thing is; of several the leftmost on the paper; None where nothing is localized."""
        return self.boxes[0] if self.boxes else None

    @cached_property
    def picture(self) -> Image.Image:
        """The picture: RGB, upright."""
        return open_picture(self.picture_bytes)

    def overlay(self, opacity: float = 0.7, *, box: bool = True) -> Image.Image:
        """The picture with its heat map and box; the plain picture where there is none.

        Args:
            opacity: of the hottest colour, 0..1.
            box: whether to outline the drawn thing.

        Raises:
            ValueError: if opacity is outside 0..1.
        """
        picture = self.picture
        if self.heatmap is not None:
            picture = heatmap_overlay(picture, self.heatmap, self.heatmap_max, opacity)
        for frame in self.boxes if box else ():
            picture = draw_box(picture, frame)
        return picture

    def to_dict(self, image: str | None = None, heatmap: str | None = None) -> dict[str, Any]:
        """The result as JSON; `image` and `heatmap` say where the caller put the two pictures."""
        return {
            "rank": self.rank,
            "id": self.id,
            "score": self.score,
            "percentile": self.percentile,
            "box": None if self.box is None else list(self.box),
            "boxes": [list(box) for box in self.boxes],
            "metadata": self.metadata,
            "image": image,
            "heatmap": heatmap,
        }


@dataclass(frozen=True, eq=False)
class SearchResponse:
    """The answer to one query.

    Attributes:
        mode: which halves of the query counted; "similar" for more like a picture.
        text: the words that were read: blanks and control characters as one blank, the end cut off where they
            were too many.
        truncated: whether words were cut off.
        gallery_name, gallery_size: what was searched.
        model: the checkpoint's name.
        timings: milliseconds by step: encode, candidates, rerank, localize, total.
        results: best first; equal scores in order of their ids.
        match: whether the best picture matches closely; None for "similar", which starts from a picture, and
            on later pages.
        middle: the median score of all pictures that were scored, to compare the results' scores with.
        guesses: what the drawing was taken for, likeliest first; none where it is unsure or nothing was
            drawn.
        balance: between two halves, -1 (words alone) to 1 (sketch alone); 0 where there was one.
        things: how many things are drawn apart on the paper; `several` searches for each of them.
        places: where each of them is: x0, y0, x1, y1 in 0..1 of the paper, from left to right.
        sought: the picture whose rank was wanted, and that rank; None where none was.
        excluded: the words for what was left out, as they were read; "" for none.
        missing: the shards that gave no answer, of a gallery that is served from several machines; then
            the answer is that of the others, and `gallery_size` counts their pictures. () for a whole one.
        total: how many pictures can be results, on all pages of this answer together.
    """

    mode: Mode
    text: str
    truncated: bool
    gallery_name: str
    gallery_size: int
    model: str
    timings: dict[str, float]
    results: list[SearchResult]
    balance: float = 0.0
    match: Match | None = None
    middle: float = 0.0
    guesses: tuple[Guess, ...] = ()
    excluded: str = ""
    things: int = 0
    missing: tuple[int, ...] = ()
    total: int = 0
    places: tuple[Box, ...] = ()
    sought: Sought | None = None

    def to_dict(
        self, images: Sequence[str] | None = None, heatmaps: Sequence[str | None] | None = None
    ) -> dict[str, Any]:
        """The answer as JSON.

        Args:
            images: an address or file for each result's picture, in order; null without it.
            heatmaps: likewise for the pictures with heat maps.
        """
        absent = [None] * len(self.results)
        places = zip(self.results, images or absent, heatmaps or absent, strict=True)
        return {
            "query": {
                "mode": self.mode,
                "text": self.text,
                "truncated": self.truncated,
                "balance": self.balance,
                "excluded": self.excluded,
                "things": self.things,
            },
            "gallery": {"name": self.gallery_name, "size": self.gallery_size}
            | ({"missing": list(self.missing)} if self.missing else {}),
            "model": self.model,
            "timings_ms": self.timings,
            "match": None if self.match is None else asdict(self.match),
            "guesses": [asdict(guess) for guess in self.guesses],
            "total": self.total,
            "sought": None if self.sought is None else self.sought._asdict(),
            "results": [result.to_dict(image, heatmap) for result, image, heatmap in places],
        }

    def save_pictures(self, folder: Path) -> tuple[list[str], list[str | None]]:
        """Write each result's picture, and where there is one its heat map, into a folder.

        Files are named by rank, never by id: an id is somebody else's text.

        Returns:
            paths of the pictures and of the heat maps, in order, for `to_dict`.

        Raises:
            OSError: if the folder can't be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        images: list[str] = []
        heatmaps: list[str | None] = []
        for result in self.results:
            image = folder / f"{result.rank:02d}.{result.picture_format.replace('jpeg', 'jpg')}"
            image.write_bytes(result.picture_bytes)
            images.append(str(image))
            if result.heatmap is None:
                heatmaps.append(None)
                continue
            heatmap = folder / f"{result.rank:02d}-heatmap.jpg"
            result.overlay().save(heatmap, quality=90)
            heatmaps.append(str(heatmap))
        return images, heatmaps
