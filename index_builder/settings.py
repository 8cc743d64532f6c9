"""How a gallery is built."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class BuildSettings:
    """How pictures are stored and encoded.

    Attributes:
        picture_size: bound on the longer side of stored pictures, in pixels.
        picture_format: "jpeg" or "webp" (smaller, slower to write).
        picture_quality: 1..100.
        batch_size: pictures encoded at a time.
        limit: stop after so many entries of the source; None for all.
        shard_size: entries that are sealed together; rounded up to whole batches.
        threads: that prepare pictures while others are encoded; 0 reads each when its turn comes.
        part: (number, of): the number-th of so many parts of the source, 1..of; None for all of it.
    """

    picture_size: int = 512
    picture_format: str = "jpeg"
    picture_quality: int = 85
    batch_size: int = 32
    limit: int | None = None
    shard_size: int = 1024
    threads: int = min(os.cpu_count() or 1, 8)
    part: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a part that there isn't."""
        if self.part is not None and not 1 <= self.part[0] <= self.part[1]:
            raise ValueError(f"expected a part (number, of) with 1 <= number <= of, got {self.part}")

    @property
    def shard_entries(self) -> int:
        """Entries of a shard: whole batches, so that shards don't change what is encoded together."""
        return -(-self.shard_size // self.batch_size) * self.batch_size
