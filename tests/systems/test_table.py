"""docs/systems.md shows the tables of the runs beside it, and names every system."""

import json
import re
from pathlib import Path

from stnet.systems.registry import system_names
from stnet.systems.table import markdown

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/systems.md").read_text(encoding="utf-8")
RUNS = sorted((ROOT / "docs/results/systems").glob("*.json"))


def test_the_page_s_tables_are_those_of_the_runs():
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in RUNS]
    shown = re.findall(r"^\*\*.*\n\n(?:\|.*\n)+", PAGE, flags=re.MULTILINE)
    assert sorted(shown) == sorted(f"{markdown(run)}\n" for run in runs)
    assert all(found["complete"] for run in runs for found in run["systems"].values())


def test_the_page_names_every_system():
    assert [name for name in system_names() if f"| `{name}` |" not in PAGE] == []
