"""Every figure that README.md and docs/results publish is one of the runs' in docs/results/*.json."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.results_page import PAGE, filled, of_kind, read_runs, suites
from stnet.evaluation.tables import NAMES
from stnet.fingerprint import model_fingerprint

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs/results"
RUNS = read_runs(FOLDER)
MODALITIES = {shown: name for name, shown in NAMES.items()} | {"sketch": "sketch"}


def words(path: Path) -> str:
    """The page's text without its line ends, which fall anywhere."""
    return re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))


def readme_rows() -> list[tuple[str, str, dict[str, float]]]:
    """README's table of recall: suite, modality, figures by column."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| suite \| query \|.*\n(?:\|.*\n)+", text, flags=re.MULTILINE)
    head, _, *lines = [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()]
    rows, suite = [], ""
    for cells in lines:
        suite = cells[0].split(" ")[0] or suite
        rows.append((suite, MODALITIES[cells[1]], dict(zip(head[2:], map(float, cells[2:]), strict=True))))
    return rows


def test_the_readme_s_table_is_the_runs():
    rows = readme_rows()
    assert {suite for suite, *_ in rows} >= {"scenes-1k", "scenes-5k", "scenes-open"}
    for suite, modality, shown in rows:
        run = RUNS[suite]
        assert run["complete"], f"{suite} is a part"
        measured = run["retrieval"][modality] | {"chance R@10": run["chance"]["R@10"]}
        for column, value in shown.items():
            assert value == round(measured[column], 1), f"{suite}, {modality}: {column}"


def test_the_readme_s_suites_were_measured_with_the_shipped_checkpoint():
    shipped = model_fingerprint(ROOT / "assets/checkpoint")
    named = {suite for suite, *_ in readme_rows()} | {"photos"}
    assert {suite: RUNS[suite]["checkpoint"] for suite in named} == dict.fromkeys(named, shipped)


def sentences() -> list[str]:
    """What README.md says in words, with the runs' figures."""
    one, photos, close = RUNS["scenes-1k"], RUNS["photos"], RUNS["matches-scenes-1k"]["close"]
    found, groups, oracle = one["localization"], one["groups"]["sketch+text"], one["oracle"]
    perfect = " / ".join(f"{oracle[name]['R@10']:.1f}" for name in ("sketch+text", "sketch", "text"))
    queries = photos["sketch by category"]["mean of queries"]
    changes = one["robustness"]["changes"]
    drawn, half = (changes[name]["sketch+text"] for name in ("as drawn", "first 50 % drawn"))
    return [
        f"pointing game {found['pointing game']:.1f} % "
        f"(a random point {found['pointing game, chance by area']:.1f} %, "
        f"a random object {found['pointing game, chance by object']:.1f} %), "
        f"mean IoU of the box {found['mean IoU']:.3f}.",
        f"By human drawings R@10 is {groups['human sketches']['R@10']:.1f}, "
        f"by traced ones {groups['traced sketches']['R@10']:.1f}.",
        f"Perfect perception would reach R@10 {perfect} with both",
        f"human drawings alone: Prec@10 {queries['Prec@10']:.1f} % (chance {queries['chance']:.1f} %).",
        f"R@10 is {drawn:.1f} with all strokes, {half:.1f} with the first half",
        f"{close['sketch']['absent']:.1f} % of sketches "
        f"and {close['sketch+text']['absent']:.1f} % of queries with both halves",
    ]


@pytest.mark.parametrize("sentence", sentences())
def test_the_readme_s_sentences_have_the_runs_figures(sentence):
    assert sentence in words(ROOT / "README.md")


def test_the_tables_of_the_results_are_the_runs():
    page = (FOLDER / PAGE).read_text(encoding="utf-8")
    assert filled(page, RUNS) == page, "run `make results`"


KINDS = (
    *("ablation", "compared systems", "exclusion", "matches"),
    *("newcomer", "page speed", "several", "uses"),
)


def test_the_commands_of_runs_name_no_place_of_one_machine():
    commands = [json.loads(path.read_text()).get("command", "") for path in FOLDER.rglob("*.json")]
    assert sum(map(bool, commands)) >= 3
    assert [command for command in commands if re.search(r"(^|\s)[/~]", command)] == []


def test_every_run_is_shown():
    shown = {
        *suites(RUNS),
        *(name for kind in KINDS for name in of_kind(RUNS, kind)),
    }
    assert shown == set(RUNS)
