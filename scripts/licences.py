"""``python -m scripts.licences``: writes docs/licences.md, the licence of everything that a user gets.

Packages are those that requirements.txt brings, directly or not, with what their own metadata says. What is
shipped in assets/ has its terms beside it.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/licences.md"
_TERMS = re.compile(r"(NOTICE|CREDITS|LICENSE|README)[\w.]*")
_CLASSIFIER = "License :: "
_LONGEST = 400  # letters; more is the text of the licence


def names_of(requirements: str) -> list[str]:
    """The packages that a requirements file names."""
    lines = [line.split("#")[0].strip() for line in requirements.splitlines()]
    return [canonicalize_name(Requirement(line).name) for line in lines if line]


def closure(names: list[str]) -> dict[str, Distribution]:
    """These packages and all that they need here, by name; what isn't needed on this machine is left out."""
    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # for another system, or an extra that nobody asked for
            continue
        needed = [Requirement(text) for text in found[name].requires or []]
        waiting += [one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """What a package says of its licence, in one line."""
    told = package.metadata
    for said in (*told.get_all("License-Expression", []), *told.get_all("License", [])):
        if said and len(said) <= _LONGEST and "\n" not in said:
            return str(said)
    kinds = [text for text in told.get_all("Classifier", []) if text.startswith(_CLASSIFIER)]
    return "; ".join(text.split(" :: ")[-1] for text in kinds) or "see the package's own files"


def page() -> str:
    """The page's text."""
    packages = closure(names_of((ROOT / "requirements.txt").read_text(encoding="utf-8")))
    rows = [f"| {name} | {licence(package)} |" for name, package in packages.items()]
    terms = [
        path.relative_to(ROOT) for path in sorted((ROOT / "assets").rglob("*")) if _TERMS.fullmatch(path.name)
    ]
    shipped = [f"- [{path}](../{path})" for path in terms]
    return "\n".join(
        [
            "# Licences",
            "",
            "Written by `python -m scripts.licences`. This repository's own code is under the "
            "[Apache License 2.0](../LICENSE).",
            "",
            "## What is shipped in `assets/`",
            "",
            "Terms and credits of the checkpoint, the example drawings and every picture of the galleries:",
            "",
            *shipped,
            "",
            "## Packages that are installed with it",
            "",
            "None of them is part of this repository; what follows is what their own metadata says.",
            "",
            "| package | licence |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
