"""The habits that CONTRIBUTING.md asks for: a test a file, public names, no fixed waits; a whole wheel."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("stnet", "index_builder", "webapp")
E2E = "tests/e2e"
# files that no test imports by name, and the test that runs them
COVERED = {
    "stnet/data/objects/bank.py": "tests/data/test_objects.py",
    "stnet/data/suites/composed.py": "tests/data/test_suites.py",
    "stnet/data/gallery_photos/packages.py": "tests/data/gallery_photos/test_main.py",
    "stnet/data/scenes/indoor_places.py": "tests/data/scenes/test_places.py",
    "stnet/data/scenes/nature_places.py": "tests/data/scenes/test_places.py",
    "stnet/data/scenes/town_places.py": "tests/data/scenes/test_places.py",
    "stnet/data/scenes/water_places.py": "tests/data/scenes/test_places.py",
    "stnet/serve/deployments.py": "tests/serve/test_main.py",
    "webapp/compare/component.py": f"{E2E}/test_compare.py",
    "webapp/compare/endpoint.py": f"{E2E}/test_compare.py",
    "webapp/files/no_downloads.py": f"{E2E}/test_endpoints.py",
    "webapp/hunt/endpoint.py": f"{E2E}/test_hunt.py",
    "webapp/photos/panel.py": f"{E2E}/test_own_photos.py",
    "webapp/share/component.py": f"{E2E}/test_share.py",
}
PUBLIC = {"_replace", "_asdict", "_fields", "_exit"}  # public, whatever they look like


def files(*folders: str) -> list[Path]:
    """Our Python files below these folders."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "node_modules" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def has_code(path: Path) -> bool:
    """Not only imports and a docstring."""
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(tree(path)))


@cache
def imports(path: Path) -> frozenset[Path]:
    """Our files that this one imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    places = [ROOT / name.replace(".", "/") for name in names]
    both = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
    return frozenset(file for file in both if file.is_file())


@cache
def reached(test: Path) -> frozenset[Path]:
    """Our files that the test and its fixtures import, and what those import in turn."""
    fixtures = [folder / "conftest.py" for folder in test.parents if folder.is_relative_to(ROOT)]
    waiting, seen = [test, *filter(Path.is_file, fixtures)], set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += imports(path)
    return frozenset(seen)


def mirror(path: Path) -> Path:
    """Where the test of a file belongs."""
    inside = path.parent.relative_to(ROOT)
    folder = Path(*inside.parts[1:]) if inside.parts[0] == "stnet" else inside
    stem = {"__main__": "main", "__init__": path.parent.name}.get(path.stem, path.stem)
    return ROOT / "tests" / folder / f"test_{stem}.py"


def named_by_tests() -> frozenset[Path]:
    """Our files that some test imports itself."""
    return frozenset().union(*(imports(path) for path in files("tests") if path.name.startswith("test_")))


def test_every_file_has_a_test() -> None:
    named = named_by_tests()
    without = []
    for path in filter(has_code, files(*ROOMS)):
        covered = COVERED.get(name_of(path))
        by_name = covered is not None and (ROOT / covered).is_file() and path in reached(ROOT / covered)
        if not (mirror(path).is_file() or path in named or by_name):
            without.append(f"{name_of(path)} (its place: {name_of(mirror(path))})")
    assert without == []


def test_no_cover_is_named_without_need() -> None:
    named = named_by_tests()
    needless = [
        name
        for name in COVERED
        if not (ROOT / name).is_file() or mirror(ROOT / name).is_file() or ROOT / name in named
    ]
    assert needless == []


def test_a_mirror_looks_at_its_file() -> None:
    blind = [
        name_of(mirror(path))
        for path in filter(has_code, files(*ROOMS))
        if mirror(path).is_file() and path not in reached(mirror(path))
    ]
    assert blind == []


def private_names(path: Path) -> Iterator[str]:
    """`_names` that a test takes from somebody else."""
    for node in ast.walk(tree(path)):
        names: list[str] = []
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            names = [] if own else [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("setattr", "getattr"):
            texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
            names = [str(text).split(".")[-1] for text in texts]
        yield from (
            name
            for name in names
            if name.startswith("_") and not name.startswith("__") and name not in PUBLIC
        )


@pytest.mark.parametrize("path", files("tests"), ids=name_of)
def test_tests_use_public_names(path: Path) -> None:
    assert set(private_names(path)) == set()


def fixed_waits(path: Path) -> list[int]:
    """Lines that let time pass outside of a loop that looks for something meanwhile."""
    looking = {
        id(inner)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.While)
        or (isinstance(node, ast.For) and any(isinstance(n, ast.Return | ast.Break) for n in ast.walk(node)))
        for inner in ast.walk(node)
    }
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in ("sleep", "wait_for_timeout")
        and isinstance(node.args[0], ast.Constant | ast.Name)  # what varies imitates work
        and id(node) not in looking
    ]


@pytest.mark.parametrize("path", files("tests"), ids=name_of)
def test_tests_wait_for_something(path: Path) -> None:
    assert fixed_waits(path) == []


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_ruff_is_the_same_before_a_commit_and_in_the_checks() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (revision,) = [repo["rev"] for repo in hooks["repos"] if repo["repo"].endswith("/ruff-pre-commit")]
    development = project()["project"]["optional-dependencies"]["dev"]
    pinned = re.findall(r"^ruff==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert f"ruff=={revision.removeprefix('v')}" in development
    assert pinned == [revision.removeprefix("v")]


def test_setup_for_users_installs_no_extras() -> None:
    recipes = re.split(r"\n(?=\S)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    extras = {
        recipe.split(":")[0]: re.findall(r"\.\[([a-z,]+)\]", recipe)
        for recipe in recipes
        if "pip install" in recipe
    }
    assert extras == {
        "$(INSTALLED)": [],
        "$(INSTALLED_MCP)": ["mcp"],
        "$(TIMM_INSTALLED)": [],
        "$(INSTALLED_DEVELOPMENT)": ["train,systems,dev,mcp,distributed,onnx"],
        "$(INSTALLED_RELEASE)": ["release"],
    }


def test_the_wheel_will_hold_every_module_and_file() -> None:
    """setuptools finds folders with an __init__.py, and of the other files those that a glob names."""
    assert project()["tool"]["setuptools"]["packages"]["find"]["include"] == ["stnet*", "index_builder*"]
    folders = {path.parent for path in files("stnet", "index_builder")}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []
    globs = project()["tool"]["setuptools"]["package-data"]["stnet"]
    packed = {path for pattern in globs for path in (ROOT / "stnet").glob(pattern)}
    others = {
        path
        for path in (ROOT / "stnet").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyi") and path.parent.name != "__pycache__"
    }
    assert ROOT / "stnet/py.typed" in packed
    assert packed == others
