"""How many pictures a search scores exactly, unless it is told otherwise."""

LEAST = 200
SHARE = 0.2


def default_pool(gallery: int) -> int:
    """Candidates for a gallery of so many pictures: 200 or a fifth, whichever is more, but at most all."""
    return min(gallery, max(LEAST, int(gallery * SHARE)))
