import builtins
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from stnet.compiling import Compiled

SOURCE = "def double(values):\n    for i in range(len(values)):\n        values[i] *= 2\n"
HELPING = "FACTOR = 2\n\n\ndef times(value):\n    return FACTOR * value\n"
TRIPLE = HELPING.replace("FACTOR * value", "FACTOR * value + value")
CALLING = """
import numpy as np
from helping import times
from stnet.compiling import Compiled


def all_times(values):
    for n in range(len(values)):
        values[n] = times(values[n])


values = np.arange(3)
Compiled(all_times, times)(values)
print(values)
"""


def made_of(source):
    """The function `double` of a source text that lies in no file."""
    space = {}
    builtins.exec(source, space)
    return space["double"]


def test_a_function_that_can_be_kept_nowhere_is_compiled_all_the_same():
    double, values = Compiled(made_of(SOURCE)), np.arange(3.0)
    double(values)
    assert values.tolist() == [0, 2, 4]
    whole = np.arange(3)  # another type is compiled anew
    double(whole)
    assert whole.tolist() == [0, 2, 4]


def test_many_threads_may_be_the_first():
    double = Compiled(made_of(SOURCE))
    arrays = [np.full(4, number, dtype=np.float32) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(double, arrays))
    assert [array.tolist() for array in arrays] == [[2.0 * number] * 4 for number in range(8)]


def run(folder, first=""):
    """Double 0, 1 and 2 in a process that keeps what it compiles in `folder`; returns what it prints."""
    head = f"{first}import numpy as np\nfrom stnet.compiling import Compiled\n"
    tail = "values = np.arange(3)\nCompiled(double)(values)\nprint(values)\n"
    (folder / "doubling.py").write_text(head + SOURCE + tail)
    root = str(Path(__file__).resolve().parents[1])
    environment = {"PYTHONPATH": root, "NUMBA_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "doubling.py"]
    done = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def test_what_was_compiled_is_kept_for_the_next_process(tmp_path):
    assert run(tmp_path) == "[0 2 4]\n"
    (kept,) = (tmp_path / "cache").rglob("*.nbc")
    made = kept.stat().st_mtime_ns
    assert run(tmp_path) == "[0 2 4]\n"
    assert [path.stat().st_mtime_ns for path in (tmp_path / "cache").rglob("*.nbc")] == [made]


def test_a_full_disk_costs_what_is_kept_and_not_the_search(tmp_path):
    full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    assert run(tmp_path, full) == "[0 2 4]\n"
    assert not [path for path in (tmp_path / "cache").rglob("*.nbc") if path.stat().st_size]


@pytest.mark.parametrize("changed", [HELPING.replace("2", "3"), TRIPLE], ids=["number", "code"])
def test_a_change_of_what_is_called_is_a_change(tmp_path, changed):
    (tmp_path / "calling.py").write_text(CALLING)
    helper = tmp_path / "helping.py"
    environment = {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    environment |= {"NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    said = []
    for content in (HELPING, HELPING, changed):
        helper.write_text(content)
        command = [sys.executable, "calling.py"]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        )
        said.append(done.stdout)
    assert said == ["[0 2 4]\n", "[0 2 4]\n", "[0 3 6]\n"]
