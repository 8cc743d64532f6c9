"""Gradio without the stubs that it writes at every start.

Beside each component, its own and ours, Gradio writes a .pyi file for editors, and at every start it parses
everything anew to see whether they still are right: half of the time that importing it takes. Its package
brings its own; ours need none, and mypy would read them instead of our files.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

WRITER = "gradio.component_meta"


def leave_out_stubs() -> None:
    """Write no stub from now on; call it before gradio is imported, or the import takes its time."""
    if WRITER in sys.modules:
        _silence(sys.modules[WRITER])
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds the one module that writes stubs: others take its function from it as soon as it is there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != WRITER:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Silenced(spec.loader.name, spec.loader.path)
        return spec


class _Silenced(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        _silence(module)


def _silence(writer: ModuleType) -> None:
    writer.__dict__["create_or_modify_pyi"] = _write_nothing


def _write_nothing(*_: Any) -> None:
    """What Gradio calls instead, with a component."""
