"""A query of the page as code that asks the same of `/search`, whole in itself: the drawing is in it."""

import base64
import io
import json
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from webapp.canvas import Sketch, SketchError
from webapp.query import Asked

MOST_DRAWING_BYTES = 48_000  # strokes make some 5,000; what is more is a picture, and no code to read
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
PYTHON_WITH_DRAWING = """\
# pip install gradio_client
import base64
import tempfile
from pathlib import Path

from gradio_client import Client, handle_file

DRAWING = {drawing!r}

client = Client({address!r})
with tempfile.TemporaryDirectory() as folder:
    drawing = Path(folder, {name!r})
    drawing.write_bytes(base64.b64decode(DRAWING))
    answer = client.predict(handle_file(drawing), {words!r}, {count}, {balance}, api_name="/search")
"""
PYTHON = """\
# pip install gradio_client
from gradio_client import Client{more}

client = Client({address!r})
answer = client.predict({drawing}, {words!r}, {count}, {balance}, api_name="/search")
"""
PYTHON_END = """
for result in answer["results"]:
    print(result["rank"], result["score"], result["id"])
"""
SHELL_UPLOAD = """\
uploaded=$({source}curl -sS "$server/gradio_api/upload" -F {form})
path=${{uploaded#[}}
sketch="{{\\"path\\": ${{path%]}}, \\"meta\\": {{\\"_type\\": \\"gradio.FileData\\"}}}}"
"""
SHELL_CALL = """\
words={words}
called=$(curl -sS "$server/gradio_api/call/search" -H 'Content-Type: application/json' \\
    -d "{{\\"data\\": [$sketch, $words, {count}, {balance}]}}")
event=$(printf %s "$called" | cut -d '"' -f 4)
curl -sSN "$server/gradio_api/call/search/$event" | sed -n 's/^data: //p'
"""


@dataclass(frozen=True)
class Code:
    """Programs that print what the page found: Python with gradio_client, and a POSIX shell with curl."""

    python: str
    curl: str


def code_for(asked: Asked, address: str) -> Code:
    """The code of one query to the server at `address`.

    Raises:
        SketchError: if the paper's picture can't be read any more.
    """
    name, content = _drawing(asked.sketch)
    address = address.rstrip("/")
    return Code(_python(asked, address, name, content), _curl(asked, address, name, content))


def _drawing(sketch: Sketch | None) -> tuple[str | None, str | None]:
    """The drawing's file name and its content in base64: None for what is too large, or isn't there."""
    if sketch is None:
        return None, None
    drawing = sketch.draw()  # opens the picture: nothing that isn't one goes into code
    if sketch.picture is not None and not sketch.strokes:
        suffix = sketch.picture.suffix
        name, content = f"drawing{suffix if suffix in SUFFIXES else '.png'}", _content(sketch.picture)
    else:
        file = io.BytesIO()
        drawing.save(file, format="PNG", optimize=True)
        name, content = "drawing.png", file.getvalue()
    return name, base64.b64encode(content).decode() if len(content) <= MOST_DRAWING_BYTES else None


def _content(picture: Path) -> bytes:
    try:
        return picture.read_bytes()
    except OSError as error:
        raise SketchError("The picture is no longer on the server: add it again") from error


def _python(asked: Asked, address: str, name: str | None, content: str | None) -> str:
    values = {"address": address, "words": asked.words, "count": asked.count, "balance": asked.balance}
    if content is not None:
        return PYTHON_WITH_DRAWING.format(drawing=content, name=name, **values) + PYTHON_END
    if name is None:
        return PYTHON.format(more="", drawing=None, **values) + PYTHON_END
    drawing = f"handle_file({name!r})"
    return PYTHON.format(more=", handle_file", drawing=drawing, **values) + PYTHON_END


def _curl(asked: Asked, address: str, name: str | None, content: str | None) -> str:
    if name is None:
        sketch = "sketch=null\n"
    elif content is None:
        sketch = SHELL_UPLOAD.format(source="", form=quote(f"files=@{name}"))
    else:
        source = f"printf %s {quote(content)} | base64 --decode | "
        sketch = SHELL_UPLOAD.format(source=source, form=quote(f"files=@-;filename={name}"))
    # JSON in ASCII: no shell, terminal or locale changes it
    call = SHELL_CALL.format(words=quote(json.dumps(asked.words)), count=asked.count, balance=asked.balance)
    return f"server={quote(address)}\n{sketch}{call}"
