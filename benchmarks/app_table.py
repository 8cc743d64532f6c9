"""The figures of `benchmarks.app` as a table."""

from collections.abc import Iterator, Mapping
from typing import Any

HEAD = ("what", "p50", "p95", "CPU of the process")


def ratio(one_client: Mapping[str, Mapping[str, float]]) -> float:
    """How often a search takes as long as the encoder and a call that does nothing, medians by the clock."""
    floor = one_client["encoder"]["p50_ms"] + one_client["floor"]["p50_ms"]
    return one_client["search"]["p50_ms"] / floor


def markdown(figures: Mapping[str, Any]) -> str:
    """What `benchmarks.app.measure` found."""
    lines = [f"| {' | '.join(HEAD)} |", "|---|---:|---:|---:|"]
    lines += [f"| {' | '.join(cells)} |" for cells in _rows(figures)]
    lines.append("")
    lines.append(
        f"{figures['pictures']} pictures, {figures['results']} results; "
        f"resident memory {figures['memory']['before']} MiB after the first answer, "
        f"{figures['memory']['after']} MiB at the end; load of the machine {figures['load']:.1f}"
    )
    return "\n".join(lines)


def _rows(figures: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    starts = figures["starts"]
    for name, title in (("page", "page"), ("answer", "first answer")):
        yield f"start to the {title}, s", f"{starts[name]:.1f}", "", f"{starts[f'{name}_cpu']:.1f}"
    one_client = figures.get("one_client")
    if one_client is not None:
        titles = {"search": "one client: a search, ms", "painted": "one client: a search with heat maps, ms"}
        titles["encoder"] = "the encoder alone, ms"
        titles["floor"] = "Gradio alone: a call that does nothing, ms"
        for name, title in titles.items():
            yield title, *(_milliseconds(one_client[name][part]) for part in ("p50_ms", "p95_ms", "cpu_ms"))
        yield "a search / (encoder + Gradio alone)", f"{ratio(one_client):.2f}", "", ""
    for crowd in figures["crowds"]:
        yield from _crowd(crowd, "a search")
    for crowd in figures.get("floor_crowds", ()):
        yield from _crowd(crowd, "a call that does nothing")
    browser = figures["browser"]
    if browser is not None:
        yield "browser: navigation to a pen that draws, ms", _milliseconds(browser["pen_ms"]), "", ""
        yield "browser: click to painted pictures, ms", _milliseconds(browser["pictures_ms"]), "", ""


def _crowd(crowd: Mapping[str, Any], call: str) -> Iterator[tuple[str, ...]]:
    others = ", ".join(f"{count} {outcome}" for outcome, count in crowd["others"].items())
    title = f"clients: {crowd['clients']}, {crowd['per_second']:.1f} answers a second"
    times = (_milliseconds(crowd[part]) for part in ("p50_ms", "p95_ms", "cpu_ms"))
    yield f"{title}{f' ({others})' if others else ''}; {call}, ms", *times


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
