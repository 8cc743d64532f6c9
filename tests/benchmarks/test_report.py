"""The command that makes the tables of the results."""

import json

from benchmarks.report import main
from tests.benchmarks.test_results_page import EMPTY, RESULTS


def test_it_writes_the_tables_and_says_when_they_are_old(tmp_path, capsys):
    page = tmp_path / "README.md"
    page.write_text(EMPTY)
    for run in RESULTS.glob("*.json"):
        (tmp_path / run.name).write_bytes(run.read_bytes())
    assert main([str(tmp_path), "--check"]) == 1 and page.read_text() == EMPTY
    assert "run `make results`" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 0 and main([str(tmp_path), "--check"]) == 0
    figures = json.loads((tmp_path / "page-speed.json").read_text())
    (tmp_path / "page-speed.json").write_text(json.dumps(figures | {"visits": 8}))
    assert main([str(tmp_path), "--check"]) == 1
    assert main([str(tmp_path)]) == 0 and "median of 8 visits" in page.read_text()


def test_a_folder_without_the_page_is_an_error(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "README.md" in capsys.readouterr().err
