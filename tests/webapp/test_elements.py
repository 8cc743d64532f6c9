import re
from pathlib import Path

from webapp.elements import ELEMENTS

WEBAPP = Path(__file__).resolve().parents[2] / "webapp"


def test_what_parts_share_is_written_once() -> None:
    shared = re.findall(r"^function (\w+)\(", ELEMENTS, re.MULTILINE)
    assert shared == ["make", "addressOf", "imageOf"]
    scripts = {
        path.name: path.read_text(encoding="utf-8")
        for room in ("results", "compare", "hunt", "share")
        for path in (WEBAPP / room).glob("*.js")
    }
    assert len(scripts) > 10
    again = [
        (name, function)
        for name, text in scripts.items()
        for function in shared
        if f"function {function}(" in text
    ]
    assert again == []
