"""Text from elsewhere, on its way into files and onto terminals."""


def whole_characters(text: str) -> str:
    """The text with a replacement character for every half of one: UTF-8, and so every file, refuses halves.

    JSON and file names may hold them: half of an emoji that somebody cut at a length.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def printable(text: str) -> str:
    """The text on one line, what a terminal would obey instead of showing it written as Python writes it."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
