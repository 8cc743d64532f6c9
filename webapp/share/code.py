"""A query of the page as code that asks the same of `/search` or `/similar`, whole in itself."""

import base64
import io
import json
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from webapp.canvas import Sketch, SketchError
from webapp.query import Likeness, PageQuery

MOST_SKETCH_BYTES = 48_000  # strokes make some 5,000; what is more is a picture, and no code to read
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
PYTHON_WITH_SKETCH = """\
# pip install gradio_client
import base64
import tempfile
from pathlib import Path

from gradio_client import Client, handle_file

SKETCH = {sketch!r}

client = Client({address!r})
with tempfile.TemporaryDirectory() as folder:
    sketch = Path(folder, {name!r})
    sketch.write_bytes(base64.b64decode(SKETCH))
    answer = client.predict(handle_file(sketch), {text!r}, {top_k}, {balance}{more}, api_name="/search")
"""
PYTHON = """\
# pip install gradio_client
from gradio_client import Client{imported}

client = Client({address!r})
answer = client.predict({sketch}, {text!r}, {top_k}, {balance}{more}, api_name="/search")
"""
PYTHON_SIMILAR = """\
# pip install gradio_client
from gradio_client import Client

client = Client({address!r})
answer = client.predict({arguments}, api_name="/similar")
"""
PYTHON_PHOTO = """\
# pip install gradio_client
from gradio_client import Client, handle_file

client = Client({address!r})
answer = client.predict({arguments}, image=handle_file({name!r}), api_name="/similar")
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
text={text}
{more_line}called=$(curl -sS "$server/gradio_api/call/search" -H 'Content-Type: application/json' \\
    -d "{{\\"data\\": [$sketch, $text, {top_k}, {balance}{more}]}}")
event=$(printf %s "$called" | cut -d '"' -f 4)
curl -sSN "$server/gradio_api/call/search/$event" | sed -n 's/^data: //p'
"""
SHELL_SIMILAR = """\
{upload}data={data}
called=$(curl -sS "$server/gradio_api/call/similar" -H 'Content-Type: application/json' \\
    -d "{{\\"data\\": [$data{sketch}]}}")
event=$(printf %s "$called" | cut -d '"' -f 4)
curl -sSN "$server/gradio_api/call/similar/$event" | sed -n 's/^data: //p'
"""


@dataclass(frozen=True)
class Code:
    """Programs that print what the page found: Python with gradio_client, and a POSIX shell with curl."""

    python: str
    curl: str


def code_for(query: PageQuery, address: str) -> Code:
    """The code of one query to the server at `address`.

    Raises:
        SketchError: if the paper's picture can't be read any more.
    """
    address = address.rstrip("/")
    if query.like is not None:
        return _code_for_similar(query, query.like, address)
    if query.sketch is not None and query.sketch.photo and query.sketch.picture is not None:
        return _code_for_photo(query, query.sketch.picture, address)
    name, content = _sketch_file(query.sketch)
    return Code(_python(query, address, name, content), _curl(query, address, name, content))


def _code_for_similar(query: PageQuery, like: Likeness, address: str) -> Code:
    region = None if like.region is None else list(like.region)
    arguments: dict[str, Any] = {
        "id": like.id,
        "top_k": query.top_k,
        "gallery": query.gallery,
        "region": region,
    }
    if query.filters:
        arguments |= {"image": None, "text": None, "offset": 0, "filters": dict(query.filters)}
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items() if value is not None)
    data = quote(json.dumps(list(arguments.values()))[1:-1])
    return Code(
        PYTHON_SIMILAR.format(address=address, arguments=given) + PYTHON_END,
        f"server={quote(address)}\n{SHELL_SIMILAR.format(upload='', data=data, sketch='')}",
    )


def _code_for_photo(query: PageQuery, photo: Path, address: str) -> Code:
    """The photo's content is too much for code: it names a file."""
    name = f"photo{photo.suffix if photo.suffix in SUFFIXES else '.png'}"
    arguments: dict[str, Any] = {
        "top_k": query.top_k,
        "gallery": query.gallery,
        "text": query.text.strip(),
        "filters": dict(query.filters),
    }
    given = ", ".join(f"{argument}={value!r}" for argument, value in arguments.items() if value)
    text = quote(json.dumps(query.text.strip()))
    before = f"{SHELL_UPLOAD.format(source='', form=quote(f'files=@{name}'))}text={text}\n"
    data = quote(json.dumps([None, query.top_k, query.gallery, None])[1:-1])
    more = ""
    if query.filters:
        before += f"more={quote(json.dumps([0, dict(query.filters)])[1:-1])}\n"
        more = ", $more"
    called = SHELL_SIMILAR.format(upload=before, data=data, sketch=f", $sketch, $text{more}")
    return Code(
        PYTHON_PHOTO.format(address=address, arguments=given, name=name) + PYTHON_END,
        f"server={quote(address)}\n{called}",
    )


def _sketch_file(sketch: Sketch | None) -> tuple[str | None, str | None]:
    """The sketch's file name and its content in base64: None for what is too large, or isn't there."""
    if sketch is None:
        return None, None
    paper = sketch.draw()  # opens the picture: nothing that isn't one goes into code
    if sketch.picture is not None and not sketch.strokes:
        suffix = sketch.picture.suffix
        name, content = f"drawing{suffix if suffix in SUFFIXES else '.png'}", _content(sketch.picture)
    else:
        file = io.BytesIO()
        paper.save(file, format="PNG", optimize=True)
        name, content = "drawing.png", file.getvalue()
    return name, base64.b64encode(content).decode() if len(content) <= MOST_SKETCH_BYTES else None


def _content(picture: Path) -> bytes:
    try:
        return picture.read_bytes()
    except OSError as error:
        raise SketchError("The picture is no longer on the server: add it again") from error


def _python(query: PageQuery, address: str, name: str | None, content: str | None) -> str:
    values = {
        "address": address,
        "text": query.text,
        "top_k": query.top_k,
        "balance": query.balance,
        "more": "".join(f", {name}={value!r}" for name, value in _more(query).items()),
    }
    if content is not None:
        return PYTHON_WITH_SKETCH.format(sketch=content, name=name, **values) + PYTHON_END
    if name is None:
        return PYTHON.format(imported="", sketch=None, **values) + PYTHON_END
    sketch = f"handle_file({name!r})"
    return PYTHON.format(imported=", handle_file", sketch=sketch, **values) + PYTHON_END


def _more(query: PageQuery) -> dict[str, Any]:
    """What /search is told beyond a plain query, by its names."""
    given = {
        "gallery": query.gallery,
        "unlike": list(query.unlike),
        "several": query.several,
        "filters": dict(query.filters),
        "names": list(query.names),
    }
    said = {name: value for name, value in given.items() if value}
    return said if query.guess else said | {"guess": False}


def _positional(query: PageQuery) -> str:
    """The same as JSON in the order of /search's arguments, as far as it is needed, without brackets."""
    said = [query.gallery, None, list(query.unlike), query.several, False, 0, dict(query.filters)]
    said += [None, list(query.names), True, query.guess]
    unsaid: list[Any] = [None, None, [], False, False, 0, {}, None, [], True, True]
    while said and said[-1] == unsaid[len(said) - 1]:
        said.pop()
    return json.dumps(said)[1:-1]


def _curl(query: PageQuery, address: str, name: str | None, content: str | None) -> str:
    if name is None:
        sketch = "sketch=null\n"
    elif content is None:
        sketch = SHELL_UPLOAD.format(source="", form=quote(f"files=@{name}"))
    else:
        source = f"printf %s {quote(content)} | base64 --decode | "
        sketch = SHELL_UPLOAD.format(source=source, form=quote(f"files=@-;filename={name}"))
    # JSON in ASCII: no shell, terminal or locale changes it
    call = SHELL_CALL.format(
        text=quote(json.dumps(query.text)),
        top_k=query.top_k,
        balance=query.balance,
        more=", $more" if _more(query) else "",
        more_line=f"more={quote(_positional(query))}\n" if _more(query) else "",
    )
    return f"server={quote(address)}\n{sketch}{call}"
