"""Who may know whom: the import rule, read off the source, and what a server really loads."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("stnet", "index_builder", "webapp")
COMMANDS = {
    *("stnet.train", "stnet.evaluate", "stnet.ablation", "stnet.export", "app"),
    *("stnet.systems.make_pool", "stnet.systems.make_crops", "stnet.systems.train"),
    *("stnet.systems.compare", "stnet.systems.uses"),
}
TRAINING_SIDE = ("stnet.training", "stnet.evaluation", "stnet.data", "stnet.systems")
# room -> what it must not import; training, evaluation and data may take anything of stnet
FORBIDDEN = {
    "stnet.model": (*TRAINING_SIDE, "stnet.search", "stnet.gallery", "index_builder", "webapp", "app"),
    "stnet.gallery": (
        *TRAINING_SIDE,
        "stnet.checkpoint",
        "stnet.hub",
        "stnet.search",
        "index_builder",
        "webapp",
        "app",
    ),
    "stnet.hub": (*TRAINING_SIDE, "stnet.checkpoint", "stnet.search", "index_builder", "webapp", "app"),
    "stnet.onnx": (*TRAINING_SIDE, "stnet.search", "stnet.gallery", "index_builder", "webapp", "app"),
    "stnet.search": (*TRAINING_SIDE, "stnet.serve", "ray", "index_builder", "webapp", "app"),
    "stnet.serve": (*TRAINING_SIDE, "index_builder", "webapp", "app"),
    "index_builder": (*TRAINING_SIDE, "stnet.search", "webapp", "app"),
    "webapp": (*TRAINING_SIDE, "stnet.serve", "ray", "app"),
    "stnet": ("index_builder", "webapp", "app"),
}
SERVING = "stnet.systems.serving"  # what webapp may load of the systems, on first use: it needs no training


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of ours by its name."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path) -> set[str]:
    """Names of the modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    looked_at, wrong = 0, []
    for name, path in modules():
        if within(name, room):
            looked_at += 1
            wrong += [
                f"{name} imports {other}"
                for other in sorted(imported(path))
                if any(within(other, forbidden) for forbidden in FORBIDDEN[room])
                and not (room == "webapp" and within(other, SERVING))
            ]
    assert looked_at > 0
    assert wrong == []


def test_one_file_of_the_page_knows_the_systems() -> None:
    knowing = [
        name
        for name, path in modules()
        if within(name, "webapp") and any(within(other, "stnet.systems") for other in imported(path))
    ]
    assert knowing == ["webapp.compare.ranking"]


def test_nobody_imports_a_command_line() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, path in modules()
        for other in sorted(imported(path))
        if other in COMMANDS or other.endswith(".__main__")
    ]
    assert wrong == []
    assert all((ROOT / f"{name.replace('.', '/')}.py").is_file() for name in COMMANDS)


def test_what_serves_loads_nothing_that_only_training_needs() -> None:
    program = (
        "import json, sys; import app, webapp.page, webapp.search_service, stnet.search, index_builder; "
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert "stnet.search.engine" in loaded
    # transformers loads accelerate by itself where it is installed
    unwanted = (*TRAINING_SIDE, "datasets", "stnet.serve", "ray")
    assert [name for name in loaded if any(within(name, other) for other in unwanted)] == []
