import builtins
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from stnet.compiling import Compiled

SOURCE = "def double(values):\n    for i in range(len(values)):\n        values[i] *= 2\n"


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


def test_what_was_compiled_is_kept_for_the_next_process(tmp_path):
    module = "import sys\nimport numpy as np\nfrom stnet.compiling import Compiled\n" + SOURCE
    (tmp_path / "kept.py").write_text(module + "Compiled(double)(np.arange(3.0))\n")
    root = str(Path(__file__).resolve().parents[1])
    environment = {"PYTHONPATH": root, "NUMBA_CACHE_DIR": str(tmp_path / "cache"), "PATH": ""}
    for _ in range(2):
        subprocess.run([sys.executable, "kept.py"], cwd=tmp_path, env=environment, check=True)
    assert len(list((tmp_path / "cache").rglob("*.nbc"))) == 1
