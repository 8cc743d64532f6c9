"""``python -m benchmarks.encoding``: what encoding costs in torch and in ONNX Runtime, and what each finds.

Both encode the same pictures, drawings and texts of a suite, by turns, on one thread and on two: pictures
alone and in batches, a drawing, a text, both, and two users at once against one after the other. Then the
suite is measured with both. On a machine that does other work, compare CPU time: both suffer alike.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks import encoding_table
from benchmarks.suite_command import run, suite_parser
from stnet.checkpoint import LoadedModel, load_model
from stnet.evaluation.encoding import encode_suite, prepared_batches
from stnet.evaluation.metrics import retrieval
from stnet.evaluation.ranking import rank
from stnet.evaluation.suites.base import Suite
from stnet.evaluation.suites.opening import open_suite
from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.onnx.loading import run_in_onnx

THREADS = (1, 2)
BATCH = 16  # pictures
PAIRS = 4  # that each of two users encodes
TOGETHER = 8  # queries of users who come together, were they batched
CPU = torch.device("cpu")


class Inputs(NamedTuple):
    """The first of a suite's: pictures (BATCH, 3, S, S), drawings (n, C, s, s), and as many texts.

    `together` holds up to TOGETHER of the texts in one batch.
    """

    pictures: Tensor
    sketches: Tensor
    texts: list[tuple[Tensor, Tensor]]
    together: tuple[Tensor, Tensor]


def read_inputs(suite: Suite, processor: STNetProcessor) -> Inputs:
    """What is encoded.

    Raises:
        ValueError: if the suite's queries have no drawings or no words.
    """
    entries = next(iter(prepared_batches(suite, processor)))[:BATCH]
    sketches = [sketch for entry in entries for sketch in entry.sketches][:BATCH]
    words = [query.text for entry in entries for query in entry.queries if query.text][: len(sketches)]
    if not words:
        raise ValueError(f"the suite {suite.name} has no queries of drawing and words")
    return Inputs(
        torch.from_numpy(np.stack([entry.picture for entry in entries])),
        torch.from_numpy(np.stack(sketches[: len(words)])),
        [processor.text_batch([text]) for text in words],
        processor.text_batch(words[:TOGETHER]),
    )


def works_of(model: STNetModel, inputs: Inputs) -> dict[str, tuple[Callable[[], object], int]]:
    """What is timed, and how many things each encodes."""
    one, drawing, text = inputs.pictures[:1], inputs.sketches[:1], inputs.texts[0]
    drawings, texts = inputs.sketches[:TOGETHER], inputs.together
    return {
        "batch": (lambda: model.encode_image(inputs.pictures), len(inputs.pictures)),
        "picture": (lambda: model.encode_image(one), 1),
        "sketch": (lambda: model.encode_sketch(drawing), 1),
        "text": (lambda: model.encode_text(*text), 1),
        "pair": (lambda: (model.encode_sketch(drawing), model.encode_text(*text)), 1),
        "together": (lambda: (model.encode_sketch(drawings), model.encode_text(*texts)), len(drawings)),
    }


@torch.inference_mode()
def time_by_turns(
    models: Mapping[str, STNetModel], inputs: Inputs, rounds: int
) -> dict[str, dict[str, float]]:
    """By model: medians of milliseconds a thing, `*_ms` by the clock and `*_cpu_ms` of all threads."""
    taken: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in models}
    for number in range(rounds + 1):
        for name, model in models.items():
            for what, (work, count) in works_of(model, inputs).items():
                wall, cpu = time.perf_counter(), time.process_time()
                work()
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                if number:  # the first round reserves memory
                    taken[name][f"{what}_ms"].append(1000 * wall / count)
                    taken[name][f"{what}_cpu_ms"].append(1000 * cpu / count)
    return {
        name: {key: round(statistics.median(values), 2) for key, values in times.items()}
        for name, times in taken.items()
    }


def two_users(model: STNetModel, inputs: Inputs, rounds: int) -> float:
    """Time of two users who encode PAIRS pairs each, at once over one after the other: at most 1 is good."""

    @torch.inference_mode()
    def user(_: int) -> None:
        for number in range(PAIRS):
            at = number % len(inputs.texts)
            model.encode_sketch(inputs.sketches[at : at + 1])
            model.encode_text(*inputs.texts[at])

    ratios = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            start = time.perf_counter()
            user(0)
            user(1)
            middle = time.perf_counter()
            list(pool.map(user, range(2)))
            ratios.append((time.perf_counter() - middle) / (middle - start))
    return round(statistics.median(ratios), 2)


@torch.inference_mode()
def least_cosines(model: STNetModel, reference: STNetModel, inputs: Inputs) -> dict[str, float]:
    """The least cosine of one model's vectors with the reference's: of patches, drawings and texts."""

    def vectors(model: STNetModel) -> tuple[Tensor, ...]:
        texts = torch.cat([model.encode_text(*text) for text in inputs.texts])
        return model.encode_image(inputs.pictures), model.encode_sketch(inputs.sketches), texts

    parts = zip(("patches", "sketch", "text"), vectors(model), vectors(reference), strict=True)
    return {
        name: round(float(F.cosine_similarity(found, right, dim=-1).min()), 7) for name, found, right in parts
    }


def recall(loaded: LoadedModel, suite: Suite, workers: int) -> dict[str, float]:
    """R@10 by modality, per cent."""
    encoded = encode_suite(loaded.model, loaded.processor, suite, workers=workers)
    return {name: retrieval(found.ranks)["R@10"] for name, found in rank(loaded.model, encoded).items()}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All figures. Raises ValueError or OSError for what is missing."""
    suite, rows = open_suite(options), []
    eager, fast = (load_model(options.checkpoint, CPU) for _ in range(2))
    inputs = read_inputs(suite, eager.processor)
    before = torch.get_num_threads()
    with tempfile.TemporaryDirectory() as folder:
        try:
            for threads in THREADS:
                torch.set_num_threads(threads)
                fast = load_model(options.checkpoint, CPU)
                run_in_onnx(fast, Path(folder))
                models = {"torch": eager.model, "ONNX Runtime": fast.model}
                times = time_by_turns(models, inputs, options.rounds)
                for name, model in models.items():
                    row: dict[str, Any] = {"threads": threads, "encoder": name, **times[name]}
                    row["two_users"] = two_users(model, inputs, options.rounds)
                    rows.append(row | {"cosine": least_cosines(model, eager.model, inputs)})
        finally:
            torch.set_num_threads(before)
    found = {"torch": eager, "ONNX Runtime": fast}
    return {
        "kind": "encoding",
        "suite": suite.name,
        "complete": suite.complete,
        "images": len(suite),
        "checkpoint": eager.fingerprint,
        "batch": len(inputs.pictures),
        "rounds": options.rounds,
        "rows": rows,
        "R@10": {name: recall(loaded, suite, options.workers) for name, loaded in found.items()},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = suite_parser("encoding", __doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="measurements of each, by turns (15)")
    run(parser, arguments, measure, encoding_table.markdown)


if __name__ == "__main__":
    main()
