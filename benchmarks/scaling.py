"""``python -m benchmarks.scaling``: writes the plan of docs/scaling.md anew.

Nothing is measured here. Bytes a picture are those of the gallery in assets/; times are those of the tables
in docs/performance.md; the rest are the assumptions below, which the page names.
"""

import json
import math
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from stnet.gallery.sieve import DIMENSIONS, kept

ROOT = Path(__file__).resolve().parents[1]
PERFORMANCE, SCALING = ROOT / "docs/performance.md", ROOT / "docs/scaling.md"
MANIFEST = ROOT / "assets/gallery/gallery.json"
SIZES = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
SMALL, LARGE = 10_000, 1_000_000  # pictures of the table's rows that are read: without a sieve, and with one
EXACT = 1_000  # exact scores a search
SECOND_STAGE = 20_000  # pictures that are scored by centroids after a stage of one-bit parts
WITHIN = 250.0  # milliseconds that a search may take
ONE_BIT_FACTORS = 14  # bytes beside each one-bit part
START, END = "<!-- plan: python -m benchmarks.scaling -->\n", "<!-- end of the plan -->\n"


class Machine(NamedTuple):
    """What a machine of the plan has, of which three quarters of the memory and nine tenths of the disk hold
    pictures."""

    cores: int = 16
    memory: float = 64e9
    disk: float = 4e12


class Measured(NamedTuple):
    """Of one picture, and of one core.

    Attributes:
        patches, pictures, centroids, vectors: bytes a picture of the gallery's files.
        sieve: bytes a picture of the stage before centroids.
        parts, dimension: K and D.
        exact_ms, centroids_ms, sieve_ms: CPU time of one picture's score, by all patches, by centroids, and
            in the stage before.
        bytes_a_ms: that one thread reads from memory.
    """

    patches: float
    pictures: float
    centroids: float
    vectors: float
    parts: int
    dimension: int
    sieve: float
    exact_ms: float
    centroids_ms: float
    sieve_ms: float
    bytes_a_ms: float

    @property
    def one_bit(self) -> int:
        """Bytes a picture of parts with one bit a dimension."""
        return self.parts * (self.dimension // 8 + ONE_BIT_FACTORS)


def read_measured(performance: str, manifest: dict[str, Any]) -> Measured:
    """What the tables of docs/performance.md and a gallery.json say.

    Raises:
        ValueError: if a row that is needed isn't there.
    """
    exhaustive = _row(performance, SMALL, "ours, exhaustive")
    staged, sieved = (_row(performance, size, "ours, two stages")["CPU, ms"] for size in (SMALL, LARGE))
    sizes = {name: seal["bytes"] / manifest["rows"] for name, seal in manifest["files"].items()}
    exact = exhaustive["CPU, ms"] / SMALL
    by_centroids = (staged - EXACT * exact) / SMALL
    floor = exhaustive["CPU, ms"] / exhaustive["CPU / floor"]
    return Measured(
        patches=sizes["patches.int8"] + sizes["patches.scales"],
        pictures=sizes["images.parquet"],
        centroids=sum(size for name, size in sizes.items() if name.startswith("centroids.")),
        vectors=sizes["index.usearch"],
        parts=manifest["parts"],
        dimension=manifest["dimension"],
        sieve=manifest["parts"] * (DIMENSIONS + 8),
        exact_ms=exact,
        centroids_ms=by_centroids,
        sieve_ms=(sieved - EXACT * exact - kept(LARGE, EXACT) * by_centroids) / LARGE,
        bytes_a_ms=exhaustive["MB read"] * 1e6 / floor,
    )


def _row(page: str, size: int, search: str) -> dict[str, float]:
    """The figures of one line of the table, by column."""
    tables = re.findall(r"^\| pictures \|.*\n(?:\|.*\n)+", page, flags=re.MULTILINE)
    for table in tables:
        head, _, *lines = [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()]
        for cells in lines:
            if cells[:2] == [f"{size:,}", search]:
                named = zip(head[2:], cells[2:], strict=True)
                return {name: float(cell.replace(",", "")) for name, cell in named if cell}
    raise ValueError(f"{PERFORMANCE.name} has no row of {size:,} pictures for {search!r}")


class Line(NamedTuple):
    """One size served in one way: machines, GB of memory and disk on each, milliseconds of a search."""

    pictures: int
    way: str
    machines: int
    memory: float
    disk: float
    first: float
    centroids: float
    exact: float

    @property
    def total(self) -> float:
        """Milliseconds of all stages."""
        return self.first + self.centroids + self.exact


def plan(pictures: int, measured: Measured, machine: Machine, within: float = WITHIN) -> list[Line]:
    """As it is built, every picture by a part of its centroids; and by one-bit parts, which isn't built.

    So many machines as hold the pictures, and search them in `within` milliseconds.
    """
    built, planned = measured.sieve + measured.centroids + measured.vectors, measured.one_bit
    lines = []
    for way, memory, scored in (
        ("built", built, kept(pictures, EXACT)),
        ("one bit", planned, SECOND_STAGE),
    ):
        on_disk = measured.patches + measured.pictures + (measured.centroids if way == "one bit" else 0)
        # of one machine; each has its share of it all
        by_sieve = pictures * measured.sieve_ms / machine.cores
        first = by_sieve if way == "built" else pictures * planned / measured.bytes_a_ms
        centroids, exact = (
            scored * measured.centroids_ms / machine.cores,
            EXACT * measured.exact_ms / machine.cores,
        )
        machines = max(
            1,
            math.ceil(pictures * memory / (0.75 * machine.memory)),
            math.ceil(pictures * on_disk / (0.9 * machine.disk)),
            math.ceil((first + centroids + exact) / within),
        )
        shared = (pictures * memory / 1e9, pictures * on_disk / 1e9, first, centroids, exact)
        lines.append(Line(pictures, way, machines, *(share / machines for share in shared)))
    return lines


def table(measured: Measured, machine: Machine) -> str:
    """The plan as a table, with what it was computed from."""
    given = (
        f"Measured: {measured.patches:,.0f} B of patches, {measured.centroids:,.0f} B of centroids, "
        f"{measured.vectors:,.0f} B of index and {measured.pictures:,.0f} B of picture for each picture;\n"
        f"one core takes {1000 * measured.exact_ms:.1f} µs for an exact score, "
        f"{1000 * measured.centroids_ms:.1f} µs for one by centroids and {1000 * measured.sieve_ms:.2f} µs "
        f"for one before that, and reads {measured.bytes_a_ms / 1e6:.1f} GB a second.\n"
        f"Computed: {measured.sieve:.0f} B of the sieve, {measured.one_bit} B of one-bit parts. "
        f"Wanted: {WITHIN:.0f} ms a search. "
        f"Assumed: machines of {machine.cores} cores, {machine.memory / 1e9:.0f} GB and "
        f"{machine.disk / 1e12:.0f} TB.\n"
    )
    head = (
        "| pictures | stages | machines | GB memory each | GB disk each | first stage, ms | centroids, ms "
        "| exact, ms | all, ms |\n|---:|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    lines = [_cells(line) for size in SIZES for line in plan(size, measured, machine)]
    return "\n".join([given, head, *lines]) + "\n"


def _cells(line: Line) -> str:
    stages = "sieve, centroids, exact (built)" if line.way == "built" else "one bit, centroids, exact"
    return (
        f"| {line.pictures:,} | {stages} | {line.machines:,} | {line.memory:,.1f} | {line.disk:,.0f} | "
        f"{line.first:,.1f} | {line.centroids:,.2f} | {line.exact:,.2f} | {line.total:,.1f} |"
    )


def filled(page: str) -> str:
    """docs/scaling.md with the plan as it is computed now."""
    manifest = json.loads(MANIFEST.read_bytes())
    measured = read_measured(PERFORMANCE.read_text(encoding="utf-8"), manifest)
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table(measured, Machine())}\n{END}{after}"


def main() -> int:
    """Write the plan into the page."""
    SCALING.write_text(filled(SCALING.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
