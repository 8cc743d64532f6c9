"""A comparison as the view on the page shows it."""

from typing import Any

from webapp.compare.ranking import Column, Compared, Comparison
from webapp.compare.wording import shared, used
from webapp.results.content import caption
from webapp.results.wording import alternative_text


def content(comparison: Comparison, ticket: int) -> dict[str, Any]:
    """The view's value for a comparison.

    Args:
        ticket: the number of the browser's request.

    Returns:
        `ticket`; `said`: how many pictures both found; `columns`: for each its `system`, what it `used`, and
        `results`: of each its texts, its picture's `path`, and `there`: its rank in the other column, or
        None.
    """
    compared = comparison.compared
    columns = [
        {"system": column.system, "used": used(column), "results": _results(compared, column, paths)}
        for column, paths in zip(compared.columns, comparison.pictures, strict=True)
    ]
    return {"ticket": ticket, "said": shared(compared), "columns": columns}


def refusal(reason: str, ticket: int) -> dict[str, Any]:
    """The view's value where nothing can be compared, with the reason."""
    return {"ticket": ticket, "said": reason, "columns": []}


def _results(compared: Compared, column: Column, paths: list[str]) -> list[dict[str, Any]]:
    found = []
    for result, path, there in zip(column.results, paths, compared.elsewhere(column), strict=True):
        named = caption(result.metadata)
        alt = alternative_text(result, named)
        found.append({"rank": result.rank, "path": path, "alt": alt, "caption": named, "there": there})
    return found
