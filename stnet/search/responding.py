"""From what was ranked and where it was found to the response of a search."""

from stnet.checkpoint import LoadedModel
from stnet.gallery.gallery import Gallery
from stnet.search.guessing import Guess
from stnet.search.localizing import Places
from stnet.search.query import Query
from stnet.search.ranking import Ranked
from stnet.search.results import Match, Mode, SearchResponse, SearchResult
from stnet.search.timing import Stopwatch


def response_of(
    loaded: LoadedModel,
    gallery: Gallery,
    watch: Stopwatch,
    ranked: Ranked,
    total: int,
    places: Places | None = None,
    query: Query | None = None,
    match: Match | None = None,
    guesses: tuple[Guess, ...] = (),
    mode: Mode | None = None,
) -> SearchResponse:
    """The response with the pictures of `ranked`, read from the gallery.

    Args:
        watch: of the search; reading is counted as a part of "localize".
        total: how many pictures can be results, on all pages together.
        places: where the things are, in the order of `ranked`; None where none was looked for.
        query: None for pictures like another one.
        mode: None for the query's own.
    """
    with watch.step("localize"):
        results = results_of(gallery, ranked, places)
    return SearchResponse(
        mode=mode or (query.mode if query else "similar"),
        text="" if query is None else query.text,
        truncated=query is not None and query.truncated,
        things=0 if query is None else len(query.things),
        places=() if query is None else tuple(thing.box for thing in query.things),
        excluded="" if query is None or query.unwanted is None else query.unwanted.read,
        balance=0.0 if query is None else query.balance,
        gallery_name=gallery.name,
        gallery_size=len(gallery),
        model=loaded.name,
        timings=watch.timings(),
        results=results,
        match=match,
        middle=ranked.middle,
        guesses=guesses,
        total=total,
    )


def results_of(gallery: Gallery, ranked: Ranked, places: Places | None = None) -> list[SearchResult]:
    """What was ranked, read from the gallery, in order; `places`: where the things are, if that is known."""
    return [_result(gallery, ranked, places, place) for place in range(len(ranked.rows))]


def _result(gallery: Gallery, ranked: Ranked, places: Places | None, place: int) -> SearchResult:
    row = int(ranked.rows[place])
    return SearchResult(
        rank=ranked.offset + place + 1,
        id=gallery.id(row),
        score=round(float(ranked.scores[place]), 6),
        percentile=round(float(ranked.percentiles[place]), 4),
        boxes=() if places is None else places.boxes[place],
        heatmap=None if places is None else places.heatmaps[place],
        heatmap_max=0.0 if places is None else places.largest,
        metadata=gallery.metadata(row),
        picture_bytes=gallery.picture_bytes(row),
        picture_format=gallery.manifest.picture_format,
    )
