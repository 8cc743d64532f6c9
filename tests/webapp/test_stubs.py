"""No stub is written beside a component, whether gradio is imported before our package or after it."""

import importlib
import subprocess
import sys
from pathlib import Path

import gradio as gr
import pytest

from webapp.stubs import leave_out_stubs

ROOT = Path(__file__).resolve().parents[2]
COMPONENT = """
import gradio as gr
from gradio.events import Events


class Lamp(gr.HTML):
    EVENTS = [Events.click, "switched"]
"""
# a gradio that has nothing but what writes stubs, and what takes it from there
WRITER = "def create_or_modify_pyi(*arguments):\n    raise SystemExit('a stub is written')\n"
TAKER = "from gradio.component_meta import create_or_modify_pyi\ncreate_or_modify_pyi(object, 'Lamp', [])\n"


def test_a_component_has_its_events_and_no_stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stubless_lamp.py"
    path.write_text(COMPONENT)
    monkeypatch.syspath_prepend(tmp_path)
    leave_out_stubs()
    module = importlib.import_module(path.stem)
    with gr.Blocks(analytics_enabled=False):
        lamp = module.Lamp()
        assert callable(lamp.click) and callable(lamp.switched)
    assert not path.with_suffix(".pyi").exists()


def test_gradios_own_are_left_out_when_it_comes_later(tmp_path: Path) -> None:
    package = tmp_path / "gradio"
    package.mkdir()
    (package / "__init__.py").write_text("import gradio.layouts\n")
    (package / "component_meta.py").write_text(WRITER)
    (package / "layouts.py").write_text(TAKER)

    def imported(program: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert imported("import gradio").stderr == "a stub is written\n"
    assert imported("import webapp, gradio").stderr == ""
