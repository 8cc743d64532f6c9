"""How many pictures a search scores exactly, unless it is told otherwise."""

LEAST = 1_000  # scored in some 15 ms on one core: below it the index would save nothing
SHARE = 0.2


def default_pool(gallery: int) -> int:
    """Candidates for a gallery of so many pictures: 1,000 or a fifth, whichever is more, but at most all."""
    return min(gallery, max(LEAST, int(gallery * SHARE)))
