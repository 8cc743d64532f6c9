"""How many pictures a search scores exactly, unless it is told otherwise."""

LEAST = 1_000  # scored in some 15 ms on one core: below it the index would save nothing
SHARE = 0.05


def default_pool(gallery: int) -> int:
    """Candidates for so many pictures: 1,000 or a twentieth, whichever is more, but at most all."""
    return min(gallery, max(LEAST, int(gallery * SHARE)))
