"""python -m stnet.search --sketch cat.png --text "on a red sofa" --top-k 5 --json"""

import argparse
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from stnet.cache import cache_folder
from stnet.characters import printable
from stnet.checkpoint import choose_device, choose_source, load_model
from stnet.command_line import exit_code, print_json
from stnet.search import SearchEngine, SearchResponse
from stnet.search.opening import open_gallery
from stnet.search.query import DEFAULT_RESULTS, MOST_RESULTS
from stnet.search.remote.gallery import RemoteGallery


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stnet.search", description="Search a gallery by a sketch, words, or both."
    )
    parser.add_argument("--sketch", type=Path, help="picture of a drawing (PNG, JPEG, WebP, ...)")
    parser.add_argument("--text", help="words about what the drawing can't show")
    parser.add_argument(
        "--top-k",
        type=int,
        default=DEFAULT_RESULTS,
        help=f"number of results, 1 to {MOST_RESULTS} (default {DEFAULT_RESULTS})",
    )
    parser.add_argument(
        "--offset", type=int, default=0, help="how many of the best results to leave out (default 0)"
    )
    parser.add_argument(
        "--balance",
        type=float,
        default=0.0,
        help="between sketch and text: from -1 (text alone) to 1 (sketch alone); default 0, both",
    )
    parser.add_argument(
        "--exclude", help='what to leave out; so is what --text says after "not" or "without"'
    )
    parser.add_argument(
        "--unlike", nargs="+", default=[], metavar="ID", help="pictures to turn away from, with their like"
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="rank only pictures of which the gallery says this; one name with several values: any of them",
    )
    parser.add_argument(
        "--several", action="store_true", help="search for each thing that is drawn apart, and for its place"
    )
    parser.add_argument(
        "--hide-duplicates", action="store_true", help="show of near-duplicates the gallery's first alone"
    )
    parser.add_argument(
        "--names", nargs="+", default=[], metavar="NAME", help="with --several: of the things, left to right"
    )
    parser.add_argument(
        "--no-guess",
        dest="guess",
        action="store_false",
        help="the names that the sketch is taken for don't count",
    )
    parser.add_argument("--sought", metavar="ID", help="say at which rank this picture of the gallery came")
    parser.add_argument(
        "--exhaustive", action="store_true", help="score every picture, not only the candidates"
    )
    parser.add_argument(
        "--candidates", type=int, help="pictures to score by all their patches (default: 1,000)"
    )
    parser.add_argument(
        "--checkpoint", help="folder or owner/name@revision (default $STNET_CHECKPOINT or assets/)"
    )
    parser.add_argument(
        "--gallery",
        help="folder, owner/name@revision, ray://host:port (default: first of $STNET_GALLERY, or assets/)",
    )
    parser.add_argument(
        "--system", metavar="NAME", help="rank with another system of docs/systems.md, every picture"
    )
    parser.add_argument("--device", help="cpu, cuda, ... (default $STNET_DEVICE or what there is)")
    parser.add_argument("--out", type=Path, help="write pictures and heat maps into this folder")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def _filters(given: list[str]) -> dict[str, list[str]]:
    """What --filter says, by name.

    Raises:
        ValueError: if one has no "=".
    """
    filters: dict[str, list[str]] = {}
    for one in given:
        name, separator, value = one.partition("=")
        if not separator:
            raise ValueError(f"--filter needs NAME=VALUE, got {one!r}")
        filters.setdefault(name, []).append(value)
    return filters


def _table(answer: dict[str, Any], response: SearchResponse) -> str:
    query, timings = answer["query"], answer["timings_ms"]
    lines = [f"{'rank':>4}  {'score':>7}  {'percentile':>10}  id"]
    lines += [
        f"{r.rank:>4}  {r.score:>7.4f}  {r.percentile:>9.1f}%  {printable(r.id)}" for r in response.results
    ]
    steps = ", ".join(
        f"{name} {timings[name] / 1000:.3f}" for name in ("encode", "candidates", "rerank", "localize")
    )
    lines.append(
        f"{timings['total'] / 1000:.3f} s: {steps}; {answer['gallery']['size']:,} pictures; {query['mode']}"
    )
    if response.missing:
        numbers = ", ".join(map(str, response.missing))
        lines.append(f"note: a part of the gallery gives no answer just now (shard {numbers})")
    if query["things"] > 1:
        lines.append(f"{query['things']} things are drawn apart: --several searches for each of them")
    if response.sought:
        rank = response.sought.rank or "none: it was turned away from"
        lines.append(f"rank of {printable(response.sought.id)}: {rank}")
    if query["excluded"]:
        lines.append(f"left out: {query['excluded']}")
    if query["truncated"]:
        lines.append("note: the words were longer than the model reads; the end was cut off")
    return "\n".join(lines)


def _search_with_system(options: argparse.Namespace) -> None:
    """Print what another system finds. It may be one that no server loads: all that search galleries are."""
    pages = ("exhaustive", "candidates", "offset", "filter", "out")
    other = ("balance", "hide_duplicates", "names", "sought", *pages)
    refused = [f"--{name}" for name in other if getattr(options, name) not in (None, False, 0, [])]
    refused += [] if options.guess else ["--no-guess"]
    if refused:
        raise ValueError(f"{', '.join(refused)}: for STNET's own search, not with --system")
    searching = import_module("stnet.systems.searching")
    loaded = load_model(choose_source("checkpoint", options.checkpoint), choose_device(options.device))
    gallery = open_gallery(choose_source("gallery", options.gallery))
    if isinstance(gallery, RemoteGallery):
        raise ValueError("--system reads the files of a gallery: give a folder, not the address of a server")
    found = searching.search_with(
        options.system, loaded, gallery, options.sketch, options.text, options.top_k
    )
    if options.json:
        print_json({"system": options.system, "results": [asdict(result) for result in found]})
        return
    lines = [f"{result.rank:>4}  {result.score:>7.4f}  {printable(result.id)}" for result in found]
    print("\n".join([f"{'rank':>4}  {'score':>7}  id", *lines]))


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 0, or 2 for input that can't be searched."""
    options = _parser().parse_args(arguments)

    def work() -> None:
        if options.system:
            _search_with_system(options)
            return
        engine = SearchEngine.from_pretrained(options.checkpoint, options.gallery, options.device)
        engine.calibrate(cache_folder())  # measured by the first call, read by all after it
        response = engine.search(
            options.sketch,
            options.text,
            options.top_k,
            balance=options.balance,
            exclude=options.exclude,
            unlike=options.unlike,
            several=options.several,
            hide_duplicates=options.hide_duplicates,
            names=options.names,
            sought=options.sought,
            guess=options.guess,
            exhaustive=options.exhaustive,
            candidates=options.candidates,
            offset=options.offset,
            filters=_filters(options.filter),
        )
        places = ([], []) if options.out is None else response.save_pictures(options.out)
        answer = response.to_dict(*places)
        if options.json:
            print_json(answer)
        else:
            print(_table(answer, response))

    return exit_code(work)


if __name__ == "__main__":
    sys.exit(main())
