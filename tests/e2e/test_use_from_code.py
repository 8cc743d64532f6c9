"""docs/use-from-code.md: every example on it runs as it stands there, and all find the same pictures."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stnet.search.guessing import Guess

if TYPE_CHECKING:
    from stnet.search import SearchEngine

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "use-from-code.md"
NODE_MODULES = Path(__file__).parent / "javascript" / "node_modules"
ADDRESS, PYTHON = "http://127.0.0.1:7860", ".venv/bin/python"
WORDS, COUNT = "on the snow, at night", 5
PATIENCE = 240  # seconds; a machine that does nothing else needs a few

Run = Callable[[str, str], str]


def examples() -> dict[tuple[str, str], str]:
    """(heading, language) -> the code below that heading, as one program."""
    code: dict[tuple[str, str], str] = defaultdict(str)
    heading = ""
    pattern = re.compile(r"^(#+ [^\n]+|```\w*\n.*?^```)$", re.MULTILINE | re.DOTALL)
    for part in pattern.split(PAGE.read_text("utf-8")):
        if part.startswith("#"):
            heading = part.lstrip("# ")
        elif part.startswith("```"):
            language, _, body = part.removeprefix("```").removesuffix("```").partition("\n")
            code[heading, language] += body
    return dict(code)


def program(name: str, required: str) -> str:
    """Where a program is: on this machine, or beside this Python."""
    places = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
    found = shutil.which(name, path=places)
    if found is None:
        pytest.fail(f"There is no {name}: {required}")
    return found


@pytest.fixture
def run(
    tmp_path: Path, drawing: Path, server: str, tiny_checkpoint: Path, tiny_gallery: Path
) -> Iterator[Run]:
    """Runs the code below a heading where there is a drawing.png; gives what it printed."""
    shutil.copy(drawing, tmp_path / "drawing.png")
    places = {"STNET_CHECKPOINT": str(tiny_checkpoint), "STNET_GALLERY": str(tiny_gallery)}
    settings = os.environ | places | {"STNET_DEVICE": "cpu", "PYTHONPATH": str(ROOT)}

    def run_one(heading: str, language: str) -> str:
        code = examples()[heading, language].replace(ADDRESS, server).replace(PYTHON, sys.executable)
        if language == "python":
            command, suffix = [sys.executable], "py"
        elif language == "javascript":
            command, suffix = [program("node", "run make setup-javascript")], "mjs"
            if not NODE_MODULES.is_dir():
                pytest.fail("The JavaScript client isn't installed: run make setup-javascript")
            (tmp_path / "node_modules").symlink_to(NODE_MODULES)
        else:
            program("curl", "install it")
            command, suffix = [program("bash", "install it"), "-eu", "-o", "pipefail"], "sh"
        script = tmp_path / f"example.{suffix}"
        script.write_text(code, encoding="utf-8")
        done = subprocess.run(
            [*command, str(script)],
            cwd=tmp_path,
            env=settings,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    yield run_one


@pytest.fixture
def expected(engine: "SearchEngine", drawing: Path) -> dict[str, Any]:
    return engine.search(drawing, WORDS, COUNT).to_dict()


def lines(answer: dict[str, Any]) -> list[str]:
    """How the examples print the results."""
    return [f"{result['rank']} {result['id']} {result['score']}" for result in answer["results"]]


def without_pictures(answer: dict[str, Any]) -> dict[str, Any]:
    """What doesn't depend on where the pictures were put, nor on how long it took."""
    kept = ("rank", "id", "score", "percentile", "box")
    results = [{name: result[name] for name in kept} for result in answer["results"]]
    return {name: answer[name] for name in ("query", "gallery", "model")} | {"results": results}


def test_no_example_is_left_out() -> None:
    assert set(examples()) == {
        ("From another program", "json"),
        ("Python client", "python"),
        ("curl", "bash"),
        ("JavaScript", "javascript"),
        ("Two systems side by side", "python"),
        ("MCP", "json"),
        ("MCP", "python"),
        ("Python package", "python"),
        ("Command line", "bash"),
    }
    assert "\n\n    " not in re.sub(r"^```.*?^```$", "", PAGE.read_text("utf-8"), flags=re.M | re.S)


@pytest.mark.parametrize(
    ("heading", "language", "last"),
    [
        ("Python client", "python", "0 more results"),
        ("JavaScript", "javascript", ""),
        ("MCP", "python", "12 results"),
        ("Python package", "python", "total"),
    ],
)
def test_an_example_finds_what_the_engine_finds(
    run: Run, expected: dict[str, Any], heading: str, language: str, last: str
) -> None:
    everything = run(heading, language).splitlines()
    first = next(place for place, line in enumerate(everything) if line.startswith("1 "))
    printed = everything[first:]  # gradio_client greets before
    wanted = lines(expected)
    assert len(printed) >= len(wanted) == COUNT
    for line, start in zip(printed, wanted, strict=False):
        assert line.startswith(start + " ")
    assert last in printed[-1]


def test_the_example_of_two_systems_prints_what_both_find(run: Run, expected: dict[str, Any]) -> None:
    first, second = run("Two systems side by side", "python").splitlines()[-2:]
    ids = [result["id"] for result in expected["results"]]
    assert first == f"stnet sketch+text {ids}"
    assert second.startswith("average sketch+text [")


def test_curl_finds_what_the_engine_finds(run: Run, expected: dict[str, Any], engine: "SearchEngine") -> None:
    printed = run("curl", "bash")
    assert printed.count("event: complete") == 2
    by_words, by_both = (json.loads(data)[0] for data in re.findall(r"^data: (.+)$", printed, re.MULTILINE))
    assert without_pictures(by_both) == without_pictures(expected)
    assert without_pictures(by_words) == without_pictures(engine.search(None, WORDS, COUNT).to_dict())


def test_the_command_line_finds_what_the_engine_finds(
    run: Run, expected: dict[str, Any], tmp_path: Path
) -> None:
    answer = json.loads(run("Command line", "bash"))
    assert without_pictures(answer) == without_pictures(expected)
    assert all((tmp_path / result["heatmap"]).is_file() for result in answer["results"])


def test_the_answer_that_is_shown_is_like_a_real_one(engine: "SearchEngine", drawing: Path) -> None:
    shown = json.loads(examples()["From another program", "json"])
    sought = engine.gallery.id(0)
    real = engine.search(drawing, WORDS, 1, sought=sought).to_dict(["picture"], ["heatmap"])
    assert real.pop("guesses") == []  # this checkpoint names no drawings
    assert shape(shown.pop("guesses")) == [shape(asdict(Guess("penguin", 0.5)))]
    assert shape(shown) == shape(real)


def shape(value: Any) -> Any:
    """The names and types in a JSON value."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return type(value).__name__


def test_the_settings_of_mcp_clients_name_the_right_address() -> None:
    from webapp.api.mcp_server import PATH

    settings = json.loads(examples()["MCP", "json"])
    assert settings["mcpServers"]["stnet"]["url"] == ADDRESS + PATH
