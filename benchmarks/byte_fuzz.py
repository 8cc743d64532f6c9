"""``python -m benchmarks.byte_fuzz``: what becomes of a gallery or a checkpoint whose bytes have changed.

Every trial damages one file of a copy and searches with it in a process of its own. Allowed are a clear error
and the same answers; a crash, a traceback or another ranking ends the command with exit code 1.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, NoReturn

import torch
from PIL import Image, ImageDraw

from stnet.checkpoint import choose_source
from stnet.fingerprint import seal_checkpoint
from stnet.gallery.gallery import Gallery
from stnet.hub.folders import local_folder
from stnet.search import SearchEngine

PAGE = 4096
SAME, ERROR, OTHER, TRACEBACK, CRASH = "same answers", "error", "other answers", "traceback", "crash"
ALLOWED = {SAME, ERROR}
_CODES = dict(enumerate((SAME, ERROR, OTHER, TRACEBACK), 10))


def flip_a_bit(content: bytearray, random: Random) -> bytearray:
    """One bit anywhere."""
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return content


def cut_off(content: bytearray, random: Random) -> bytearray:
    """The end is missing, perhaps all of it."""
    return content[: random.randrange(len(content))]


def zero_a_page(content: bytearray, random: Random) -> bytearray:
    """4 KB of zeros, as a disk gives back what it lost."""
    start = random.randrange(len(content)) // PAGE * PAGE
    content[start : start + PAGE] = bytes(len(content[start : start + PAGE]))
    return content


def repeat_a_page(content: bytearray, random: Random) -> bytearray:
    """4 KB from elsewhere in the file, as a disk that wrote to the wrong place."""
    source, target = (random.randrange(len(content)) // PAGE * PAGE for _ in range(2))
    page = content[source : source + PAGE]
    content[target : target + len(page)] = page
    return content


DAMAGES: tuple[Callable[[bytearray, Random], bytearray], ...] = (
    flip_a_bit,
    cut_off,
    zero_a_page,
    repeat_a_page,
)


class Trial(NamedTuple):
    """One file of a copy, and what was done to it."""

    folder: Path
    file: str
    damage: str


def trials(whole: Path, scratch: Path, count: int, seed: int, other: Path | None = None) -> Iterator[Trial]:
    """Damaged copies of a folder, every file and every kind of damage in turn; each lasts until the next.

    Args:
        whole: the folder; only the files at its top are damaged.
        scratch: where the copy is made.
        other: a folder with files of the same names: each replaces its namesake once, first of all.
    """
    random = Random(seed)
    files = sorted(path.name for path in whole.iterdir() if path.is_file() and path.stat().st_size)
    copy = Path(shutil.copytree(whole, scratch / "damaged"))
    for name in [name for name in files if other is not None and (other / name).is_file()]:
        shutil.copy2((other or whole) / name, copy / name)
        yield Trial(copy, name, "swapped")
        shutil.copy2(whole / name, copy / name)
    for number in range(count):
        name, damage = files[number % len(files)], DAMAGES[number // len(files) % len(DAMAGES)]
        content = damage(bytearray((whole / name).read_bytes()), random)
        (copy / name).write_bytes(content)
        yield Trial(copy, name, damage.__name__)
        shutil.copy2(whole / name, copy / name)
    shutil.rmtree(copy)


def outcome(ask: Callable[[], object], expected: object) -> str:
    """What happens when something is asked in a process of its own: one of the names above."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads are there, and do nothing here
        child = os.fork()
    if child == 0:
        _answer(ask, expected)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return _CODES.get(code, CRASH)


def _answer(ask: Callable[[], object], expected: object) -> NoReturn:
    """Nothing of the parent's is flushed or cleaned up."""
    found = TRACEBACK
    try:
        torch.set_num_threads(1)  # the parent's other threads are not in this process
        found = SAME if ask() == expected else OTHER
    except (ValueError, OSError):
        found = ERROR
    finally:
        os._exit({name: code for code, name in _CODES.items()}[found])


def drawing() -> Image.Image:
    """Something to search by."""
    image = Image.new("RGB", (120, 100), "white")
    ImageDraw.Draw(image).ellipse((30, 20, 90, 70), outline="black", width=4)
    return image


def answers(engine: SearchEngine) -> Any:
    """All that a visitor would notice: rankings of three kinds, and the pictures."""
    sought = [
        engine.search(drawing(), "a red one", top_k=10),
        engine.search(None, "on the beach", top_k=10),
        engine.similar(engine.gallery.id(0), top_k=10),
    ]
    said = [{key: value for key, value in one.to_dict().items() if key != "timings_ms"} for one in sought]
    return said, [result.picture_bytes for one in sought for result in one.results]


class Fuzz:
    """A checkpoint and its gallery, and what they answer."""

    def __init__(self, checkpoint: Path, gallery: Path) -> None:
        self.checkpoint, self.gallery = checkpoint, gallery
        self._engine = SearchEngine.from_pretrained(checkpoint, gallery, "cpu")
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # as in the trials: more of them add up in another order
        self.expected = answers(self._engine)
        torch.set_num_threads(threads)

    def on_gallery(self, folder: Path) -> str:
        """What a damaged copy of the gallery does to the search."""
        return outcome(lambda: answers(self._engine.on(Gallery.open(folder))), self.expected)

    def on_checkpoint(self, folder: Path) -> str:
        """What a damaged copy of the checkpoint does to the search."""
        said, pictures = self.expected
        named = [{**one, "model": folder.name} for one in said]
        return outcome(
            lambda: answers(SearchEngine.from_pretrained(folder, self.gallery, "cpu")), (named, pictures)
        )


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 if a trial crashed, left a traceback or ranked otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.byte_fuzz", description=__doc__)
    parser.add_argument("--checkpoint", help="default: as stnet.search chooses it")
    parser.add_argument("--gallery", help="default: as stnet.search chooses it")
    parser.add_argument("--trials", type=int, default=400, help="for each of the two (400)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    gallery = local_folder(choose_source("gallery", options.gallery), "gallery").path
    given = local_folder(choose_source("checkpoint", options.checkpoint), "checkpoint").path
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        checkpoint = Path(shutil.copytree(given, Path(scratch, "checkpoint")))
        seal_checkpoint(checkpoint)  # an export does it
        fuzz = Fuzz(checkpoint, gallery)
        for whole, ask in ((gallery, fuzz.on_gallery), (checkpoint, fuzz.on_checkpoint)):
            for trial in trials(whole, Path(scratch), options.trials, options.seed):
                found = ask(trial.folder)
                counts.setdefault(trial.file, Counter())[found] += 1
                if found not in ALLOWED:
                    print(f"{trial.file}: {trial.damage}: {found}", file=sys.stderr)
    print(json.dumps(counts, indent=1))
    return int(any(set(found) - ALLOWED for found in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
