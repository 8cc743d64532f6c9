"""Which part a process builds that a launcher started beside others (`accelerate launch`, `torchrun`)."""

import os


def launched_part() -> tuple[int, int] | None:
    """(number, of) from the launcher's environment; None for a process that was started alone.

    Raises:
        ValueError: if RANK and WORLD_SIZE are no such numbers.
    """
    of, rank = os.environ.get("WORLD_SIZE", "1"), os.environ.get("RANK", "0")
    if not (of.isdigit() and rank.isdigit() and int(rank) < int(of)):
        raise ValueError(f"expected RANK < WORLD_SIZE in the environment, got {rank!r} and {of!r}")
    return None if of == "1" else (int(rank) + 1, int(of))
