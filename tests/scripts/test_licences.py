"""The page of licences names every package that the demo needs, and where the terms of every picture are."""

import re
from pathlib import Path

from scripts.licences import PAGE, closure, licence, names_of, page

ROOT = Path(__file__).resolve().parents[2]


def rows(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", text, flags=re.MULTILINE))


def test_the_page_in_docs_names_all_that_is_required() -> None:
    written, needed = rows(PAGE.read_text()), names_of((ROOT / "requirements.txt").read_text())
    assert set(needed) <= set(written)
    for name, package in closure(needed).items():
        if name in written:  # other machines need other packages
            assert licence(package)
    assert not [name for name, said in written.items() if said == "see the package's own files"]


def test_what_packages_need_is_followed() -> None:
    found = closure(["gradio"])
    assert {"gradio", "gradio-client", "fastapi", "starlette", "anyio"} <= set(found)
    assert closure(["no-such-package"]) == {}


def test_every_folder_of_assets_has_its_terms_on_the_page() -> None:
    text = page()
    assert text.count("](../assets/") >= len([path for path in (ROOT / "assets").iterdir() if path.is_dir()])
    for folder in (ROOT / "assets").glob("gallery*"):
        assert f"](../assets/{folder.name}/CREDITS.md)" in text
