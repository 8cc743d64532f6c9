"""Print drawings and words that the page could offer to start with, for a checkpoint and galleries.

    python -m scripts.choose_examples --drawings data/sketches > candidates.json

A candidate is a drawing by a person, held out from training, with words: the checkpoint puts a right
picture first. In a gallery of composed scenes a picture is right if it has the thing in the place that the
words name. In one of photographs it is right if stnet/data/splits/photo-gallery.json says that it shows the
thing; nothing says what is around it, so somebody must look at `picture` and keep the words only if they are
true.

One candidate a thing, those first that lie furthest above the best wrong picture. The JSON is what
assets/examples/examples.json holds, with `picture` and `margin` besides. The same files give the same output.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stnet.checkpoint import choose_galleries
from stnet.command_line import exit_code
from stnet.data.categories import load_split
from stnet.data.drawings.drawings import held_out_strokes
from stnet.data.drawings.sketches import fit
from stnet.data.splits import gallery_questions
from stnet.data.words.naming import names_it
from stnet.data.words.place_phrases import PLACES
from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine
from stnet.search.opening import open_gallery
from stnet.search.query import MOST_RESULTS
from stnet.strokes import Strokes
from webapp.canvas import Sketch
from webapp.examples import STROKE_UNITS

AROUND_PHOTOGRAPHS = (
    "against the sky",
    "at night",
    "by the sea",
    "in a town",
    "in the grass",
    "in the mountains",
    "in the snow",
    "in the water",
    "on a branch",
    "on a table",
    "on the sand",
    "with flowers",
)
MOST_STROKES, MOST_POINTS = 12, 200  # of a drawing that somebody could do again in a moment


@dataclass(frozen=True)
class Question:
    """Words about a drawn thing, and the ids of the pictures in which both are true."""

    thing: str
    text: str
    pictures: frozenset[str]


@dataclass(frozen=True)
class Candidate:
    """A question with the drawing that answers it best.

    Attributes:
        lines: of the drawing, (x, y) in 0..STROKE_UNITS.
        picture: the id of what came first.
        margin: its score above that of the best wrong picture.
        close: whether the page would call it a close match.
    """

    question: Question
    lines: list[list[tuple[int, int]]]
    picture: str
    margin: float
    close: bool


def questions(gallery: Gallery) -> list[Question]:
    """What can be asked of a gallery that says what its pictures show."""
    scenes: dict[tuple[str, str], set[str]] = {}
    for row in range(len(gallery)):
        known = gallery.metadata(row)
        for thing in known.get("objects", {}).get("category", ()):
            scenes.setdefault((thing, known["place"]), set()).add(gallery.id(row))
    found = [
        Question(thing, PLACES[place].training[0], frozenset(pictures))
        for (thing, place), pictures in sorted(scenes.items())
    ]
    shown: dict[str, set[str]] = {}
    for question in gallery_questions():
        if all(map(gallery.has, question.pictures)):
            shown.setdefault(question.category, set()).update(question.pictures)
    found += [
        Question(thing, text, frozenset(pictures))
        for thing, pictures in sorted(shown.items())
        for text in AROUND_PHOTOGRAPHS
    ]
    return [question for question in found if not names_it(question.text, question.thing)]


def lines_of(strokes: Strokes) -> list[list[tuple[int, int]]]:
    """A drawing as the page's examples have it."""
    return [
        [(round(x), round(y)) for x, y in (stroke * STROKE_UNITS).tolist()]
        for stroke in fit(strokes)
        if len(stroke) > 1
    ]


def simple_drawings(
    thing: str, drawings: Mapping[str, list[tuple[str, Strokes]]], most: int
) -> list[Strokes]:
    """The first `most` drawings of a thing that have few strokes and points."""
    named = load_split().drawings.get(thing, (thing,))
    return [
        strokes
        for name in named
        for _, strokes in drawings.get(name, ())
        if len(strokes) <= MOST_STROKES and sum(map(len, strokes)) <= MOST_POINTS
    ][:most]


def ask(engine: SearchEngine, question: Question, lines: list[list[tuple[int, int]]]) -> Candidate | None:
    """The candidate that a drawing makes, as the page would search; None if a wrong picture comes first."""
    sketch = Sketch.from_lines(lines, STROKE_UNITS).draw()
    count = min(len(question.pictures) + 1, MOST_RESULTS)
    response = engine.search(sketch, question.text, count)
    first, *others = response.results
    if first.id not in question.pictures:
        return None
    wrong = [result.score for result in others if result.id not in question.pictures]
    best_wrong = wrong[0] if wrong else response.results[-1].score
    close = response.match is not None and response.match.close
    return Candidate(question, lines, first.id, round(first.score - best_wrong, 4), close)


def candidates(
    engine: SearchEngine, drawings: Mapping[str, list[tuple[str, Strokes]]], most: int
) -> Iterator[Candidate]:
    """The best candidate for each thing of a gallery, from `most` drawings of each; close ones first."""
    best: dict[str, Candidate] = {}
    for question in questions(engine.gallery):
        for strokes in simple_drawings(question.thing, drawings, most):
            found = ask(engine, question, lines_of(strokes))
            before = best.get(question.thing)
            if found and (before is None or _standing(found) > _standing(before)):
                best[question.thing] = found
    yield from sorted(best.values(), key=_standing, reverse=True)


def _standing(candidate: Candidate) -> tuple[bool, float]:
    return candidate.close, candidate.margin


def entry(candidate: Candidate, gallery: str) -> dict[str, Any]:
    """A candidate as examples.json would hold it."""
    return {
        "name": candidate.question.thing,
        "text": candidate.question.text,
        "gallery": gallery,
        "picture": candidate.picture,
        "margin": candidate.margin,
        "strokes": candidate.lines,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 for a checkpoint, gallery or drawings that can't be used."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.choose_examples",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--checkpoint", help="folder or owner/name@revision (default: as the page)")
    parser.add_argument(
        "--gallery", action="append", help="the same, may be given again (default: all of the page)"
    )
    parser.add_argument(
        "--drawings", type=Path, default=Path("data/sketches"), help="folder of *.ndjson[.gz]"
    )
    parser.add_argument("--count", type=int, default=12, help="candidates for each gallery (default 12)")
    parser.add_argument("--each", type=int, default=2, help="drawings tried for each thing (default 2)")
    options = parser.parse_args(arguments)
    return exit_code(lambda: _print(options))


def _print(options: argparse.Namespace) -> None:
    drawings = held_out_strokes(options.drawings)
    if not drawings:
        raise ValueError(
            f"no held-out drawings in {options.drawings}: expected *.ndjson or *.ndjson.gz files"
        )
    first, *others = options.gallery or choose_galleries()
    engine = SearchEngine.from_pretrained(options.checkpoint, first)
    entries = []
    for one in [engine, *(engine.on(open_gallery(other)) for other in others)]:
        chosen = list(candidates(one, drawings, options.each))
        print(f"{one.gallery.name}: {len(chosen)} things can be found", file=sys.stderr)
        entries += [entry(candidate, one.gallery.name) for candidate in chosen[: options.count]]
    lines = (json.dumps(found) for found in entries)
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    raise SystemExit(main())
