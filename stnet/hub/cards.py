"""The cards that the Hub shows: a model's with its figures, a gallery's with every picture's credit."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
from huggingface_hub import DatasetCard, DatasetCardData, EvalResult, ModelCard, ModelCardData

from stnet.fingerprint import model_fingerprint
from stnet.gallery.manifest import Manifest, read_manifest

CARD = "README.md"
CREDIT_FIELDS = ("title", "author", "licence", "source")
_METRICS = ("R@1", "R@10", "R@100", "MdR")
_QUERIES = {"sketch+text": "sketch + words", "text": "words"}  # for people


def model_card(folder: Path, results: Path | None = None) -> str:
    """The checkpoint's own README.md, with the figures that were measured of exactly these weights.

    Args:
        results: a folder of JSON as `python -m stnet.evaluate --json` writes it. Figures of other weights or
            of a part of a suite are left out.

    Raises:
        ValueError: if `results` holds no figure of these weights.
    """
    own = folder / CARD
    card = ModelCard(own.read_text(encoding="utf-8") if own.is_file() else f"# {folder.name}\n")
    suites = _suites(results, model_fingerprint(folder)) if results else {}
    if suites:
        assert isinstance(card.data, ModelCardData)  # of a model's card
        card.data.model_name = folder.resolve().name
        card.data.eval_results = [one for figures in suites.values() for one in _eval_results(figures)]
        card.text = f"{card.text.rstrip()}\n\n## Measured\n\nIn per cent; MdR is the median rank.\n\n"
        card.text += _figures(suites) + "\n"
    return str(card)


def _suites(results: Path, fingerprint: str) -> dict[str, dict[str, Any]]:
    """Whole retrieval figures of this model, by suite."""
    found = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(results.glob("*.json")))
    suites = {
        figures["suite"]: figures
        for figures in found
        if isinstance(figures, dict)
        and figures.get("checkpoint") == fingerprint
        and figures.get("complete")
        and "retrieval" in figures
    }
    if not suites:
        raise ValueError(
            f"{results} holds no figures of these weights ({fingerprint[:12]}...): python -m stnet.evaluate "
            f"--json writes them"
        )
    return suites


def _figures(suites: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        [f"{suite} ({figures['images']} pictures)", _QUERIES.get(kind, kind)]
        + [f"{found[metric]:.1f}" for metric in _METRICS]
        for suite, figures in suites.items()
        for kind, found in figures["retrieval"].items()
    ]
    return "\n".join(_table(["suite", "query", *_METRICS], rows))


def _eval_results(figures: Mapping[str, Any]) -> Iterable[EvalResult]:
    for kind, found in figures["retrieval"].items():
        for metric in _METRICS:
            yield EvalResult(
                task_type="image-to-image" if kind == "sketch" else "other",
                task_name=f"retrieval by {_QUERIES.get(kind, kind)}",
                dataset_type=figures["suite"],
                dataset_name=f"{figures['suite']} ({figures['images']} pictures)",
                metric_type=metric,
                metric_value=round(found[metric], 2),
                metric_name=f"{metric}, {_QUERIES.get(kind, kind)}",
            )


def gallery_card(folder: Path) -> str:
    """What the gallery holds, what opens it, and who made each picture; its own README.md comes first.

    Raises:
        GalleryError: if the folder holds no readable manifest.
    """
    manifest = read_manifest(folder)
    own = folder / CARD
    card = DatasetCard(own.read_text(encoding="utf-8") if own.is_file() else _introduction(manifest))
    card.text = f"{card.text.rstrip()}\n\n## Credits\n\n{_credits(folder)}\n"
    return str(card)


def _introduction(manifest: Manifest) -> str:
    data = DatasetCardData(
        pretty_name=manifest.name or "Gallery",
        tags=["image-retrieval", "sketch", "stnet"],
        configs=[{"config_name": "default", "data_files": "images.parquet"}],
    )
    return f"""---
{data.to_yaml()}
---

# {manifest.name or "Gallery"}

A gallery of {manifest.rows:,} pictures that STNET searches by a drawing and words:

    python -m stnet.search --gallery OWNER/NAME --sketch drawing.png --text "on the beach"

Its features were made by the checkpoint "{manifest.model_name}" ({manifest.model_fingerprint[:12]}...).
No other opens it.
"""


def _credits(folder: Path) -> str:
    """A line for each picture whose metadata names a maker, a licence or where it is from."""
    columns = parquet.read_table(folder / "images.parquet", columns=["id", "metadata"]).to_pydict()
    rows = []
    for name, text in zip(columns["id"], columns["metadata"], strict=True):
        metadata = json.loads(text) if text else {}
        cells = [_cell(metadata.get(field)) for field in CREDIT_FIELDS]
        if address := _address(metadata.get("url")):
            cells[-1] += f" <{address}>"
        if any(cells):
            rows.append([_cell(name), *cells])
    if not rows:
        return "No credits are stored with these pictures."
    missing = len(columns["id"]) - len(rows)
    lines = _table(["picture", *CREDIT_FIELDS], rows)
    if missing:
        lines += ["", f"{missing} more pictures have no credit stored with them."]
    return "\n".join(lines)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]


def _address(value: object) -> str:
    """An address that can stand in a Markdown table as it is, else ""."""
    text = str(value or "")
    return text if re.fullmatch(r"https?://[^\s<>|\\]+", text) else ""


def _cell(value: object) -> str:
    """Anybody's text as one cell of a Markdown table: on one line, nothing of it markup or HTML."""
    text = " ".join(str(value).split()) if value is not None else ""
    return re.sub(r"([|\\`*_\[\]<>])", r"\\\1", text)
