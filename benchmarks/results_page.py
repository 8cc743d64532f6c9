"""docs/results/README.md: its tables are made from the JSON of the runs that lies beside it.

A table stands between `<!-- begin: NAME -->` and `<!-- end: NAME -->`; people write the text around.
Each run says what it is: a suite by its keys `suite` and `retrieval`, the others by `kind`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import newcomer_table, page_speed_table
from stnet.evaluation import ablation_table, absent, exclusion, matching, regions, several, tables
from stnet.systems import table as systems_table
from stnet.systems import uses_table

Figures = Mapping[str, Any]
PAGE = "README.md"
_PLACE = re.compile(r"(<!-- begin: ([a-z-]+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)


def read_runs(folder: Path) -> dict[str, Figures]:
    """The runs of a folder by the stem of their file, in order of their names.

    Raises:
        ValueError: if a file isn't the JSON of a run. OSError: if it can't be read.
    """
    runs: dict[str, Figures] = {}
    for path in sorted(folder.glob("*.json"), key=lambda path: path.stem):
        try:
            figures = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path} is not JSON: {error}") from None
        if not isinstance(figures, dict):
            raise ValueError(f"{path} must hold the figures of one run, got a {type(figures).__name__}")
        runs[path.stem] = figures
    return runs


def suites(runs: Mapping[str, Figures]) -> dict[str, Figures]:
    """The runs of `stnet.evaluate`."""
    return {name: run for name, run in runs.items() if "retrieval" in run and "suite" in run}


def of_kind(runs: Mapping[str, Figures], kind: str) -> dict[str, Figures]:
    """The other runs of one kind, as their `kind` says."""
    return {name: run for name, run in runs.items() if run.get("kind") == kind}


def filled(page: str, runs: Mapping[str, Figures]) -> str:
    """The page with every table made anew.

    Raises:
        ValueError: if the page has no place for a table, or one that nobody knows.
    """
    made = {
        "overview": tables.overview(suites(runs)),
        "suites": _sections({name: tables.markdown(run) for name, run in suites(runs).items()}),
        "matches": "\n\n".join(map(match_tables, of_kind(runs, "matches").values())),
        "exclusion": "\n\n".join(map(exclusion_table, of_kind(runs, "exclusion").values())),
        "several": "\n\n".join(map(several_table, of_kind(runs, "several").values())),
        "newcomer": "\n\n".join(map(newcomer_table.markdown, of_kind(runs, "newcomer").values())),
        "page-speed": "\n\n".join(map(page_speed_table.markdown, of_kind(runs, "page speed").values())),
        "ablation": "\n\n".join(map(_ablation, of_kind(runs, "ablation").values())),
        "systems": "\n\n".join(map(_systems, of_kind(runs, "compared systems").values())),
        "uses": "\n\n".join(map(_uses, of_kind(runs, "uses").values())),
    }
    places = [name for _, name, _ in _PLACE.findall(page)]
    if sorted(places) != sorted(made):
        raise ValueError(f"the page must have one place each for {sorted(made)}, it has {sorted(places)}")
    return _PLACE.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n\n{found[3]}", page)


def _sections(texts: Mapping[str, str]) -> str:
    return "\n\n".join(f"### {name}\n\n{text}" for name, text in texts.items())


def match_tables(figures: Figures) -> str:
    """What `benchmarks.match_quality` found."""
    part = "" if figures["complete"] else " (a PART of the suite: not comparable)"
    head = f"**{figures['suite']}**: {figures['queries']} queries on {figures['images']} pictures{part}"
    judged = matching.markdown(figures["close"]), absent.markdown(figures["named"])
    return "\n\n".join([head, *judged, regions.markdown(figures["region"])])


def exclusion_table(figures: Figures) -> str:
    """What `benchmarks.exclusion` found."""
    part = "" if figures["complete"] else " (a PART of the suite: not comparable)"
    head = f"**{figures['suite']}**: {figures['weights']['0']['queries']} drawings{part}"
    return f"{head}\n\n{exclusion.markdown(figures['weights'])}"


def several_table(figures: Figures) -> str:
    """What `benchmarks.several_things` found."""
    part = "" if figures["complete"] else " (a PART of the suite: not comparable)"
    head = f"**{figures['suite']}**: {figures['papers']} papers, {figures['images']} pictures{part}"
    return f"{head}\n\n{several.markdown(figures['ways'])}"


def _systems(figures: Figures) -> str:
    return f"    {figures['command']}\n\n{systems_table.compared(figures)}"


def _uses(figures: Figures) -> str:
    return f"    {figures['command']}\n\n{uses_table.markdown(figures)}"


def _ablation(figures: Figures) -> str:
    rows: Sequence[Figures] = figures["rows"]
    return ablation_table.markdown(rows, figures["command"])
