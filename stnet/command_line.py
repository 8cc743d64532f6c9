"""How every command line ends: exit code 0, or 2 and one line that says what is wrong."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any


def exit_code(work: Callable[[], None]) -> int:
    """Do the work of a command: 0, or 2 with the reason on one line of stderr.

    What a person can mend arrives as ValueError or OSError; anything else is a fault of ours and keeps its
    traceback. What is printed meanwhile never fails for a letter that the terminal doesn't have.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        work()
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


def print_json(value: Any) -> None:
    """Print a value as JSON: letters as they are where the output has them, else by their numbers."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=1)
    print(text)
