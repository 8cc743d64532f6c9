"""The script that the results, the comparison, the hunt and the downloads begin with; it is beside this."""

from pathlib import Path

ELEMENTS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
