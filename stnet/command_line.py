"""How every command line ends: exit code 0, or 2 and one line that says what is wrong."""

import sys
from collections.abc import Callable


def exit_code(work: Callable[[], None]) -> int:
    """Do the work of a command: 0, or 2 with the reason on one line of stderr.

    What a person can mend arrives as ValueError or OSError; anything else is a fault of ours and keeps its
    traceback.
    """
    try:
        work()
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0
