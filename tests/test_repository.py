"""What a visitor meets first: README.md's commands, the Space's settings, the size of a clone."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
MOST_BYTES = 64 * 2**20
MOST_LINES = 380
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
ZERO_GPU_TORCH = ("2.8.0", "2.9.1", "2.10.0", "2.11.0")  # its build refuses any other


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Files of a clone: what git tracks and has here."""
    # whoever runs the tests need not be whoever cloned
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / name for name in listing.decode().split("\0") if name]
    return [path for path in files if path.is_file()]


@pytest.fixture(scope="module")
def space() -> dict[str, Any]:
    """The settings at the top of README.md."""
    parts = read("README.md").split("---\n")
    assert parts[0] == ""
    settings = yaml.safe_load(parts[1])
    assert isinstance(settings, dict)
    return settings


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*?## ", read("Makefile"), flags=re.MULTILINE))


def constraint(package: str) -> str:
    versions = re.findall(rf"^{package}==(\S+)$", read("constraints.txt"), flags=re.MULTILINE)
    assert len(versions) == 1, f"constraints.txt must pin {package} once"
    return versions[0]


def test_the_two_commands_exist_and_ci_runs_them() -> None:
    assert {"make app", "make test"} <= set(re.findall(r"^ {4}(make \w+)\b", read("README.md"), re.MULTILINE))
    assert {"help", "setup", "app", "test", "check", "format"} <= targets()
    assert re.search(r"^make test$", read(".ci/run"), re.MULTILINE)
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_the_space_can_be_built_from_the_readme(space: dict[str, Any]) -> None:
    assert space["sdk"] == "gradio"
    assert (ROOT / space["app_file"]).is_file()
    assert space["sdk_version"] == constraint("gradio")
    assert {space["colorFrom"], space["colorTo"]} <= COLOURS
    assert len(space["short_description"]) <= 60
    assert space["license"] == "apache-2.0"
    assert re.fullmatch(r"3\.\d+", space["python_version"])
    assert tuple(map(int, space["python_version"].split("."))) >= (3, 11)


def test_the_licence_is_whole() -> None:
    text = read("LICENSE")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_requirement_is_pinned() -> None:
    names = re.findall(r"^([a-z_]+)[<>=]", read("requirements.txt"), flags=re.MULTILINE)
    assert names
    for name in names:
        assert constraint(name)


def torch_range(name: str) -> SpecifierSet:
    lines = re.findall(r"^torch(.*)$", read(name), flags=re.MULTILINE)
    assert len(lines) == 1, f"{name} must name torch once"
    return SpecifierSet(lines[0])


def test_a_space_gets_a_torch_that_zerogpu_takes_and_the_tests_get_theirs() -> None:
    first, then = torch_range("pre-requirements.txt"), torch_range("requirements.txt")
    assert constraint("torch") in then
    for version in ZERO_GPU_TORCH:
        assert version in first and version in then, f"what is installed first must be enough: {version}"
    newest = max(map(Version, ZERO_GPU_TORCH))
    assert f"{newest.major}.{newest.minor + 1}.0" not in first
    assert "pre-requirements" not in read("Makefile") + read("pyproject.toml")  # only a Space reads it


def test_a_clone_is_small(tracked: list[Path]) -> None:
    sizes = {path.relative_to(ROOT): path.stat().st_size for path in tracked}
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    assert sum(sizes.values()) <= MOST_BYTES, f"{sum(sizes.values()) / 2**20:.1f} MiB; the largest: {largest}"


def test_files_can_be_read_in_one_sitting(tracked: list[Path]) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked
        if path.suffix == ".py" and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_the_pictures_that_the_readme_shows_exist(tracked: list[Path]) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", read("README.md"))
    assert shown
    for name in shown:
        assert ROOT / name in tracked


def pages(tracked: list[Path]) -> list[Path]:
    """What people read: README.md, CONTRIBUTING.md and docs."""
    return [
        path for path in tracked if path.suffix == ".md" and path.parent.name not in ("checkpoint", "gallery")
    ]


def test_links_lead_to_files_that_exist(tracked: list[Path]) -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages(tracked)
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_commands_that_are_shown_exist(tracked: list[Path]) -> None:
    for page in pages(tracked):
        text = page.read_text(encoding="utf-8")
        made = re.findall(r"(?:^ {4}|^|`|\$ )make ((?!it\b)[a-z-]+)", text, re.MULTILINE)
        assert set(made) <= targets(), f"{page.name}: {set(made) - targets()}"
        for module in re.findall(r"python -m ([a-z_.]+[a-z_])", text):
            assert module in ("pip", "pytest") or find_spec(module), f"{page.name}: {module}"
