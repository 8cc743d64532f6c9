"""How every command line ends: exit code 0, or 2 and one line that says what is wrong."""

import io
import json
import sys
from collections.abc import Callable
from typing import Any

# how torch and ONNX Runtime say that there is no memory, in errors of no kind of their own
_OUT_OF_MEMORY = (
    "can't allocate memory",
    "Failed to allocate memory",
    "out of memory",
    "bad_alloc",
    "bad allocation",
)
_NO_MEMORY = (
    "error: there is not enough memory. Smaller batches need less (--batch-size, where a command has it), "
    "and so does a machine on which less is running"
)


def exit_code(work: Callable[[], None]) -> int:
    """Do the work of a command: 0, or 2 with the reason on one line of stderr.

    What a person can mend arrives as ValueError or OSError, or is a lack of memory; anything else is a fault
    of ours and keeps its traceback. What is printed meanwhile never fails for a letter that the terminal
    doesn't have.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        work()
    except (ValueError, OSError) as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and not any(told in str(error) for told in _OUT_OF_MEMORY):
            raise
        print(_NO_MEMORY, file=sys.stderr)
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
