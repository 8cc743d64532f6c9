import io
import json
import sys

import pytest
import torch

from stnet.command_line import exit_code, print_json

ENCODINGS = ("ascii", "latin-1", "utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_letter_ends_a_command(encoding, monkeypatch):
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding=encoding))
    assert exit_code(lambda: print("naïve 🚀 \ud83d", flush=True)) == 0
    assert content.getvalue().startswith(b"na")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_stays_json_on_any_terminal(encoding, monkeypatch):
    value, content = {"id": "naïve 🚀", "half": "\ud83d"}, io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding=encoding))
    assert exit_code(lambda: print_json(value)) == 0
    sys.stdout.flush()
    assert json.loads(content.getvalue().decode(encoding)) == value


def test_a_refusal_is_one_line_and_a_two(capsys):
    def refuse():
        raise ValueError("first\nsecond")

    assert exit_code(refuse) == 2
    assert capsys.readouterr().err == "error: first second\n"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: you tried"
        ),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    ],
    ids=["python", "torch", "accelerator"],
)
def test_a_lack_of_memory_is_said_on_one_line(error, capsys):
    def fail():
        raise error

    assert exit_code(fail) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: there is not enough memory") and "--batch-size" in said
    assert said.count("\n") == 1


def test_other_faults_keep_their_traceback():
    def fail():
        raise RuntimeError("shapes don't fit")

    with pytest.raises(RuntimeError, match="shapes"):
        exit_code(fail)
