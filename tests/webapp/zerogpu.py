"""What a Space on ZeroGPU does, without its GPU: `python -m tests.webapp.zerogpu CHECKPOINT GALLERY LOG`.

The folder `spaces_of` writes holds a module `spaces` with ZeroGPU's rules: a new process for every call,
arguments and results pickled, errors as a text that says nothing. In this process nothing may be computed.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

SPACES = """
import multiprocessing
import pickle

fork = multiprocessing.get_context("fork")


def GPU(duration):
    def decorate(task):
        def lent(*args, **options):
            receiving, sending = fork.Pipe(duplex=False)
            sent = pickle.dumps((args, options))
            process = fork.Process(target=_work, args=(task, sent, sending))
            process.start()
            sending.close()
            done, content = receiving.recv()
            process.join()
            if not done:
                raise RuntimeError(f"ZeroGPU worker error: {content}")
            return pickle.loads(content)

        return lent

    return decorate


def _work(task, sent, sending):
    args, options = pickle.loads(sent)
    try:
        sending.send((True, pickle.dumps(task(*args, **options))))
    except Exception as error:
        sending.send((False, type(error).__name__))
"""


def spaces_of(folder: Path) -> Path:
    """Write the module into a folder for PYTHONPATH."""
    folder.mkdir()
    (folder / "spaces.py").write_text(SPACES, encoding="utf-8")
    return folder


def answers(checkpoint: Path, gallery: Path, uploads: Path) -> dict[str, Any]:
    """What the page's searches answer: of the demo gallery, of own photos, and a refusal."""
    from stnet.search import SearchEngine, SearchError
    from tests.galleries import draw_photo, drawing
    from webapp.photos import Choice, Photo, PrivateGalleries
    from webapp.search_service import Answerer

    answerer = Answerer(SearchEngine.from_pretrained(checkpoint, gallery, "cpu"))
    answerer.calibrate()
    galleries = PrivateGalleries(answerer.engine)
    copies = [uploads / str(number) / "copy.png" for number in range(5)]
    for number, copy in enumerate(copies):
        copy.parent.mkdir(parents=True)
        draw_photo(number).save(copy)
    galleries.index("anna", Choice(tuple(Photo(f"{n}.png", copy) for n, copy in enumerate(copies)), ()))
    photos, region = galleries.find("anna"), (0.1, 0.2, 0.6, 0.9)
    found = {
        "search": answerer.search(drawing(), "a red one", 5, 0.25),
        "words": answerer.search(None, "a red one", 5),
        "similar": answerer.similar("photo-03.png", 5),
        "region": answerer.similar("photo-03.png", 5, region),
        "own": answerer.search(drawing(), None, 5, photos=photos),
        "own again": answerer.search(drawing(), None, 3, photos=photos),
        "own region": answerer.similar("1.png", 5, region, photos=photos),
    }
    try:
        answerer.search(None, " ", 5)
    except SearchError as error:
        refusal = str(error)
    galleries.remove("anna")
    return {"refusal": refusal} | {name: _plain(answer.response) for name, answer in found.items()}


def _plain(response: Any) -> dict[str, Any]:
    heat = [None if result.heatmap is None else result.heatmap.tolist() for result in response.results]
    return response.to_dict() | {"timings_ms": None, "middle": response.middle, "heat": heat}


def watch(log: Path) -> None:
    """Write down each meaningless query that is searched or encoded; allow no computing in this process."""
    import torch

    from stnet.model.modeling import STNetModel
    from stnet.search.nonsense import COUNT
    from stnet.search.ranking import Ranker

    own, best, softmax, encode = os.getpid(), Ranker.best, torch.softmax, STNetModel.encode_sketch

    def note(letter: str) -> None:
        with log.open("a") as file:
            file.write(letter)

    def watched_best(*args: Any) -> Any:
        note("m")
        return best(*args)

    def watched_encode(model: Any, values: Any) -> Any:
        if len(values) == COUNT:
            note("e")
        return encode(model, values)

    def away_only(function: Any) -> Any:
        def guarded(*args: Any, **options: Any) -> Any:
            assert os.getpid() != own, f"{function} is computed without the accelerator"
            return function(*args, **options)

        return guarded

    Ranker.best, STNetModel.encode_sketch = watched_best, watched_encode
    torch.softmax = away_only(softmax)
    torch.nn.Module.__call__ = away_only(torch.nn.Module.__call__)


if __name__ == "__main__":
    checkpoint, gallery, log = map(Path, sys.argv[1:])
    watch(log)
    print(json.dumps(answers(checkpoint, gallery, log.parent / "uploads")))
