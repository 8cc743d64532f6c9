"""What the results can be filtered by, as the browser gets it."""

from collections.abc import Sequence
from typing import Any

from stnet.search.filtering import Field
from stnet.search.licences import spelled


def choices(fields: Sequence[Field], filters: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """For each field its `name`, its `values` with how many pictures have them, and the one `chosen` or "".

    A filter that isn't offered, as a link may bring one, is there with its value alone: it can be taken away.
    """
    chosen = {name: spelled(name, value) for name, value in filters}
    offered = [
        {
            "name": field.name,
            "values": [list(one) for one in field.values],
            "chosen": chosen.pop(field.name, ""),
        }
        for field in fields
    ]
    others = [{"name": name, "values": [[value, None]], "chosen": value} for name, value in chosen.items()]
    return offered + others
