"""python -m index_builder --images PHOTOS --out GALLERY; and add, remove, watch, merge, cut and verify."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from tqdm import tqdm  # type: ignore[import-untyped]

from index_builder import options as parsers
from index_builder.building import BuildReport, build_gallery
from index_builder.changing import ChangeReport, add_pictures, remove_pictures
from index_builder.cutting import cut, write_shards
from index_builder.launching import launched_part
from index_builder.merging import merge_galleries
from index_builder.sources.entry import Source
from index_builder.sources.folder import FolderSource, counted
from index_builder.sources.opening import open_source
from index_builder.verifying import verify_gallery
from index_builder.watching import Watch
from stnet.characters import printable
from stnet.checkpoint import LoadedModel, choose_device, choose_source, load_model
from stnet.command_line import exit_code, print_json
from stnet.onnx.loading import load_fast

_NAMED = 20  # skipped pictures named on the terminal; --json names all


def _build(arguments: list[str]) -> None:
    options = parsers.build_parser().parse_args(arguments)
    if options.part is None:
        options.part = launched_part()
        if options.part is not None:
            options.out = options.out.with_name("{}-{}-of-{}".format(options.out.name, *options.part))
    settings = parsers.settings_of(options)
    source = open_source(options.images, split=options.split, column=options.image_column)
    loaded = _model(options)
    with _bar(source, settings.limit) as progress:
        report = build_gallery(
            source,
            loaded,
            options.out,
            name=options.name,
            overwrite=options.overwrite,
            settings=settings,
            progress=progress,
        )
    if options.shards is not None:
        write_shards(options.out, options.shards, overwrite=options.overwrite)
    others = source.others if isinstance(source, FolderSource) else {}
    _print_build(report, others, as_json=options.json)


def _add(arguments: list[str]) -> None:
    options = parsers.add_parser().parse_args(arguments)
    source = open_source(options.images, split=options.split, column=options.image_column)
    loaded, settings = _model(options), parsers.settings_of(options)
    with _bar(source) as progress:
        report = add_pictures(
            options.gallery, source, loaded, renew=options.renew, settings=settings, progress=progress
        )
    _print_change(report, as_json=options.json)


def _remove(arguments: list[str]) -> None:
    options = parsers.remove_parser().parse_args(arguments)
    _print_change(remove_pictures(options.gallery, options.ids), as_json=options.json)


def _merge(arguments: list[str]) -> None:
    options = parsers.merge_parser().parse_args(arguments)
    report = merge_galleries(options.parts, options.out, name=options.name, overwrite=options.overwrite)
    _print_build(report, {}, as_json=options.json)


def _watch(arguments: list[str]) -> None:
    options = parsers.watch_parser().parse_args(arguments)
    loaded, settings = _model(options), parsers.settings_of(options)
    with _stopped_by_signals() as stop:

        def go_on(done: int) -> None:
            if stop.is_set():
                raise KeyboardInterrupt

        watch = Watch(
            options.images, options.gallery, loaded, name=options.name, settings=settings, progress=go_on
        )
        with suppress(KeyboardInterrupt):  # finished shards stay for the next time
            while not stop.is_set():
                watch.look()
                stop.wait(options.every)
    print("stopped", file=sys.stderr)


def _verify(arguments: list[str]) -> None:
    options = parsers.verify_parser().parse_args(arguments)
    loaded = load_model(options.checkpoint, choose_device(options.device)) if options.checkpoint else None
    checked = verify_gallery(options.gallery, loaded)
    if options.json:
        print_json(checked)
        return
    sample = f", {checked['recomputed']} made anew (cosine >= {checked['least_cosine']})" if loaded else ""
    print(
        f"{options.gallery}: sound; {checked['size']:,} pictures, {checked['bytes'] / 2**20:.1f} MiB{sample}"
    )


_COMMANDS: Mapping[str, Callable[[list[str]], None]] = {
    "add": _add,
    "remove": _remove,
    "watch": _watch,
    "merge": _merge,
    "cut": cut,
    "verify": _verify,
}


def _model(options: argparse.Namespace) -> LoadedModel:
    return load_fast(choose_source("checkpoint", options.checkpoint), choose_device(options.device))


@contextmanager
def _bar(source: Source, limit: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar with rate and remaining time; what an earlier build left counts for neither."""
    total = len(source) if limit is None else min(len(source), limit)
    with tqdm(total=total, unit="picture", desc="indexing", file=sys.stderr) as bar:

        def show(done: int) -> None:
            if done > bar.n + 1:
                bar.n = bar.initial = bar.last_print_n = done
            else:
                bar.update(done - bar.n)

        yield show


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _said_on_stderr() -> Iterator[None]:
    """What the builder notes, each on a line."""
    logger, handler = logging.getLogger("index_builder"), logging.StreamHandler()
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


def _print_build(report: BuildReport, others: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(report.to_dict() | {"others": others})
        return
    rate = report.to_dict()["images_per_second"]
    kept = f", {report.kept:,} of them kept," if report.kept else ""
    lines = [
        f"{report.gallery}: {report.indexed:,} pictures{kept} in {report.seconds:.1f} s ({rate} a second), "
        f"{report.bytes / 2**20:.1f} MiB",
        *_skipped(report.skipped),
    ]
    if others:
        lines.append(f"left alone, being no pictures: {printable(counted(others))}")
    print("\n".join(lines))


def _print_change(report: ChangeReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report.to_dict())
        return
    done = {"added": report.added, "replaced": report.replaced, "removed": report.removed}
    said = ", ".join(f"{kind} {len(ids):,}" for kind, ids in done.items() if ids) or "nothing to change"
    print("\n".join([f"{report.gallery}: {said}; {report.size:,} pictures now", *_skipped(report.skipped)]))


def _skipped(skipped: list[dict[str, str]]) -> list[str]:
    if not skipped:
        return []
    lines = [f"skipped {len(skipped):,}:"]
    lines += [f"  {printable(item['id'])}: {printable(item['reason'])}" for item in skipped[:_NAMED]]
    if len(skipped) > _NAMED:
        lines.append(f"  and {len(skipped) - _NAMED:,} more (--json names all)")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 0, or 2 with one line on stderr."""
    given = sys.argv[1:] if arguments is None else arguments
    command = _COMMANDS.get(given[0]) if given else None
    with _said_on_stderr():
        if command is not None:
            return exit_code(lambda: command(given[1:]))
        return exit_code(lambda: _build(given))


if __name__ == "__main__":
    sys.exit(main())
