"""The benchmark of the whole program, on servers that do nothing, and what its table says."""

import sys
from pathlib import Path
from typing import cast

import gradio as gr
import pytest

from benchmarks.app import crowd, first_answer, main
from benchmarks.app_table import markdown, ratio
from benchmarks.gradio_floor import floor
from benchmarks.server_process import started
from webapp.api.http import add_endpoints
from webapp.search_service import Answerer

ONE_CLIENT = {
    "search": {"p50_ms": 150.0, "p95_ms": 300.0, "cpu_ms": 90.0},
    "painted": {"p50_ms": 250.0, "p95_ms": 400.0, "cpu_ms": 190.0},
    "encoder": {"p50_ms": 80.0, "p95_ms": 90.0, "cpu_ms": 70.0},
    "floor": {"p50_ms": 20.0, "p95_ms": 30.0, "cpu_ms": 10.0},
}
FIGURES = {
    "pictures": 386,
    "results": 12,
    "load": 3.21,
    "memory": {"before": 900, "after": 950},
    "starts": {"page": 4.96, "page_cpu": 7.04, "answer": 6.0, "answer_cpu": 8.0},
    "one_client": ONE_CLIENT,
    "crowds": [
        {
            **{"clients": 8, "answered": 100, "per_second": 9.96, "others": {"failed": 2}},
            **{"p50_ms": 800.0, "p95_ms": 1200.0, "cpu_ms": 95.0},
        },
        {
            **{"clients": 32, "answered": 0, "per_second": 0.0, "others": {}},
            **{"p50_ms": None, "p95_ms": None, "cpu_ms": None},
        },
    ],
    "floor_crowds": [
        {
            **{"clients": 8, "answered": 400, "per_second": 40.04, "others": {}},
            **{"p50_ms": 200.0, "p95_ms": 300.0, "cpu_ms": 25.0},
        },
    ],
    "browser": {"visits": 3, "pen_ms": 900.0, "pictures_ms": 1500.0},
}


def test_the_floor_is_started_asked_by_many_and_ended() -> None:
    with started([sys.executable, "-m", "benchmarks.gradio_floor"]) as server:
        assert 0 < server.cpu() < 120
        assert 20 < server.memory() < 4000
        first_answer(server)
        found = crowd(server, clients=3, seconds=0.5)
        assert Path(f"/proc/{server.pid}").exists()
    assert found["answered"] >= 3 and found["others"] == {}
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert not Path(f"/proc/{server.pid}").exists()


def test_a_server_that_ends_is_an_error_with_what_it_said() -> None:
    program = "import os, sys; sys.exit('no port ' + str(int(os.environ['PORT']) < 0) + os.environ['WHY'])"
    with (
        pytest.raises(RuntimeError, match="no port False, of course"),
        started([sys.executable, "-c", program], WHY=", of course"),
    ):
        pass


def test_the_floor_has_one_endpoint_that_takes_what_ours_takes() -> None:
    page = gr.Blocks()
    with page:
        add_endpoints(cast(Answerer, None))
    (ours,), (floors,) = (
        [fn for fn in blocks.fns.values() if fn.api_name == "search"] for blocks in (page, floor())
    )
    assert len(floors.inputs) == len(ours.inputs)


def test_the_table_says_what_was_measured() -> None:
    assert ratio(ONE_CLIENT) == pytest.approx(1.5)
    lines = markdown(FIGURES).splitlines()
    assert lines[2] == "| start to the page, s | 5.0 |  | 7.0 |"
    assert lines[4] == "| one client: a search, ms | 150 | 300 | 90 |"
    assert lines[5] == "| one client: a search with heat maps, ms | 250 | 400 | 190 |"
    assert lines[8] == "| a search / (encoder + Gradio alone) | 1.50 |  |  |"
    assert lines[9] == "| clients: 8, 10.0 answers a second (2 failed); a search, ms | 800 | 1,200 | 95 |"
    assert lines[10] == "| clients: 32, 0.0 answers a second; a search, ms |  |  |  |"
    assert lines[11] == "| clients: 8, 40.0 answers a second; a call that does nothing, ms | 200 | 300 | 25 |"
    assert lines[13] == "| browser: click to painted pictures, ms | 1,500 |  |  |"
    assert "900 MiB after the first answer, 950 MiB at the end" in lines[-1]


def test_what_was_not_measured_is_left_out() -> None:
    lines = markdown(
        FIGURES | {"one_client": None, "browser": None, "crowds": [], "floor_crowds": []}
    ).splitlines()
    assert len(lines) == 6


def test_no_start_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--starts", "0"])
    assert ended.value.code == 2 and "must be positive" in capsys.readouterr().err
