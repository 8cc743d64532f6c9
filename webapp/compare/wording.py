"""What the page calls the systems, and says of them. docs/systems.md says more."""

from stnet.search.results import Mode
from webapp.compare.ranking import Column, Compared

# in the order of the lists; tests hold this to what stnet.systems.serving has
LABELS = {
    "stnet": "STNET",
    "two-stage": "Two stages",
    "two-stage-description": "Two stages, described",
    "average": "Average",
    "text-only": "Words only",
    "sketch-only": "Drawing only",
}
DOES = {
    "stnet": "The drawing attends to parts of each picture; drawing and words together score what it attends "
    "to. This is what the search uses.",
    "two-stage": "Names the drawing, puts the likeliest name before your words, and searches by words.",
    "two-stage-description": "Names the drawing, puts our description of such a thing, not its name, before "
    "your words, and searches by words.",
    "average": "Takes the average of drawing and words, and compares it with one vector of each picture: "
    "nothing attends.",
    "text-only": "Searches by your words; the drawing is left out.",
    "sketch-only": "Searches by your drawing; the words are left out.",
}
NEED_NAMES = ("two-stage", "two-stage-description")  # checkpoints that name drawings
_USED: dict[Mode, str] = {
    "sketch+text": "It used your drawing and your words.",
    "sketch": "It used your drawing only.",
    "text": "It used your words only.",
}
_ASKS = {"text-only": "words"}
NOT_SUCH = "Systems are compared by a drawing and words, not by a picture whose like is wanted."


def offered(*, can_name: bool) -> list[str]:
    """The systems to choose from; `can_name` if the checkpoint names drawings."""
    return [name for name in LABELS if can_name or name not in NEED_NAMES]


def used(column: Column) -> str:
    """What of the query the system used, or what it would need."""
    if column.used is not None:
        return _USED[column.used]
    return f"It asks by {_ASKS.get(column.system, 'a drawing')}: this query has none."


def shared(compared: Compared) -> str:
    """How many pictures both systems found."""
    first, second = (column.ids for column in compared.columns)
    if not first or not second:
        return ""
    both = len(set(first) & set(second))
    count = max(len(first), len(second))
    return f"{both or 'None'} of the {count} pictures {'is' if both == 1 else 'are'} in both lists."
