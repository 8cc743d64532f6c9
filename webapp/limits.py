"""How much this server does at a time, whichever door it is asked through."""

import os

WAITING = 32  # searches that may queue; who comes then hears at once that the server is full


def slots() -> int:
    """Searches at a time. The engine lets no more compute than there are cores; the others write pictures."""
    return max(2, os.cpu_count() or 1)
