"""The Dockerfile and the systemd unit name what there is, and give no rights that a search doesn't need."""

import configparser
import re
from fnmatch import fnmatch
from pathlib import Path

from stnet.hub.pushing import space_files

ROOT = Path(__file__).resolve().parents[1]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's lines as (instruction, the rest), continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def copied() -> set[str]:
    return {name for kind, rest in instructions() if kind == "COPY" for name in rest.split()[:-1]}


def test_all_that_is_copied_into_the_image_exists_and_is_not_left_out() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for name in copied():
        assert (ROOT / name).exists(), name
        assert not any(fnmatch(name, pattern) for pattern in left_out), name


def test_the_image_holds_what_a_space_holds() -> None:
    needed = {name.split("/")[0] for name in space_files(ROOT)} - {"pre-requirements.txt"}
    assert needed <= copied()


def test_the_image_runs_without_rights() -> None:
    kinds = [kind for kind, _ in instructions()]
    (user,) = [rest for kind, rest in instructions() if kind == "USER"]
    assert user not in ("root", "0")
    assert kinds.index("USER") > max(at for at, kind in enumerate(kinds) if kind in ("RUN", "COPY"))
    assert kinds[-1] == "CMD"
    assert instructions()[-1][1] == '["python", "app.py"]'


def test_the_unit_starts_the_demo_as_nobody_in_particular() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(ROOT / "deploy/stnet.service", encoding="utf-8")
    service = unit["Service"]
    command = service["ExecStart"].split()
    assert (ROOT / command[1]).is_file()
    assert command[0].startswith(f"{service['WorkingDirectory']}/.venv/bin/")  # what make setup makes
    assert service["DynamicUser"] == service["NoNewPrivileges"] == service["PrivateTmp"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_the_variables_of_the_page_are_read_somewhere() -> None:
    text = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    ours = set(re.findall(r"`(STNET_\w+|PORT|MCP)(?:=1)?`", text))
    stnet = {f"STNET_{name}" for name in ("CHECKPOINT", "GALLERY", "DEVICE", "TOKEN", "ONNX")}
    assert ours == stnet | {"PORT", "MCP"}
    read_in = ("app.py", "stnet/checkpoint.py", "stnet/search/remote/gallery.py", "stnet/onnx/loading.py")
    code = "".join((ROOT / path).read_text() for path in read_in)
    for name in ours:
        assert name.removeprefix("STNET_").lower() in code.lower()
