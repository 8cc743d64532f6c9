"""Answers compared to the last bit."""

from typing import Any

from stnet.search import SearchResponse


def everything(response: SearchResponse) -> tuple[Any, ...]:
    """All of an answer but the time it took."""
    answer = response.to_dict() | {"middle": response.middle}
    del answer["timings_ms"]
    shown = [
        (None if one.heatmap is None else one.heatmap.tobytes(), one.heatmap_max, one.picture_bytes)
        for one in response.results
    ]
    return answer, shown
