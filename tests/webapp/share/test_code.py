import ast
import base64
import io
import json
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from webapp.canvas import Sketch, SketchError
from webapp.query import Likeness, PageQuery
from webapp.share.code import MOST_SKETCH_BYTES, Code, code_for

ADDRESS = "http://127.0.0.1:7860/"
QUERY = PageQuery(Sketch(((100, 100, 900, 500), (5, 5))), "on the snow", 7, -0.25)
STRANGE = 'it\'s "so" {count} $(touch no) `x` \\ \n ☃ %s'


def call_of(python: str) -> list[Any]:
    """The arguments of client.predict; the drawing is given as the source of what makes it."""
    calls = [node for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Call)]
    (call,) = [call for call in calls if ast.unparse(call.func) == "client.predict"]
    drawing, *others = call.args
    return [ast.unparse(drawing), *map(ast.literal_eval, others)]


def sent_by(curl: str, folder: Path) -> list[list[str]]:
    """What the shell would give to curl, by a curl that only writes it down; it answers like the server."""
    fake = folder / "curl"
    fake.write_text(
        "#!/bin/sh\nfor argument; do printf '%s\\0' \"$argument\"; done >> calls\nprintf '\\n\\0' >> calls\n"
        'case "$*" in\n*upload*) cat > uploaded; printf \'["/tmp/a b.png"]\';;\n'
        '*) printf \'{"event_id": "abc123"}\';;\nesac\n'
    )
    fake.chmod(0o755)
    subprocess.run(
        ["sh", "-eu", "-c", curl],
        cwd=folder,
        env={"PATH": f"{folder}:/usr/bin:/bin"},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    calls = (folder / "calls").read_bytes().decode().split("\n\0")
    return [call.split("\0")[:-1] for call in calls[:-1]]


def body_of(call: list[str]) -> list[Any]:
    return json.loads(call[call.index("-d") + 1])["data"]


def test_wishes_are_asked_by_their_names_and_in_their_places(tmp_path: Path) -> None:
    query = replace(QUERY, sketch=None, unlike=(STRANGE, "owl"), several=True)
    code = code_for(query, ADDRESS)
    calls = [node for node in ast.walk(ast.parse(code.python)) if isinstance(node, ast.Call)]
    (call,) = [call for call in calls if ast.unparse(call.func) == "client.predict"]
    given = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    assert given == {"unlike": [STRANGE, "owl"], "several": True, "api_name": "/search"}
    asked, _ = sent_by(code.curl, tmp_path)
    assert body_of(asked) == [None, "on the snow", 7, -0.25, None, None, [STRANGE, "owl"], True]


def test_filters_are_asked_for_too(tmp_path: Path) -> None:
    filters = {"light": STRANGE, "place: at": "a"}
    query = replace(QUERY, sketch=None, filters=tuple(filters.items()))
    code = code_for(query, ADDRESS)
    assert f"filters={filters!r}" in code.python
    *_, asked, _ = sent_by(code.curl, tmp_path)
    assert body_of(asked)[4:] == [None, None, [], False, False, 0, filters]

    code = code_for(replace(query, like=Likeness("owl", 3)), ADDRESS)
    assert f"filters={filters!r}" in code.python
    *_, asked, _ = sent_by(code.curl, tmp_path)
    assert body_of(asked) == ["owl", 7, None, None, None, None, 0, filters]

    photo = Sketch((), Path("upload.jpg"), photo=True)
    code = code_for(replace(query, sketch=photo), ADDRESS)
    assert f"filters={filters!r}" in code.python
    *_, asked, _ = sent_by(code.curl, tmp_path)
    assert body_of(asked)[6:] == [0, filters]


def test_names_of_things_are_asked_in_their_place(tmp_path: Path) -> None:
    query = replace(QUERY, sketch=None, several=True, names=(STRANGE, ""))
    code = code_for(query, ADDRESS)
    assert f"several=True, names={[STRANGE, '']!r}" in code.python
    asked, _ = sent_by(code.curl, tmp_path)
    assert body_of(asked)[4:] == [None, None, [], True, False, 0, {}, None, [STRANGE, ""]]


def test_that_nothing_is_to_be_guessed_is_asked_in_its_place(tmp_path: Path) -> None:
    code = code_for(replace(QUERY, guess=False), ADDRESS)
    assert ", guess=False" in code.python
    *_, asked, _ = sent_by(code.curl, tmp_path)
    assert body_of(asked)[4:] == [None, None, [], False, False, 0, {}, None, [], True, False]


@pytest.mark.parametrize("region", [None, (0.1, 0.2, 0.5, 1.0)])
def test_what_is_like_a_picture_is_asked_by_its_id(region: Any, tmp_path: Path) -> None:
    query = replace(QUERY, gallery="scenes", like=Likeness(STRANGE, 3, region))
    code = code_for(query, ADDRESS)
    (call,) = [
        node
        for node in ast.walk(ast.parse(code.python))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "client.predict"
    ]
    given = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    about = {} if region is None else {"region": list(region)}
    expected = {"id": STRANGE, "top_k": 7, "gallery": "scenes"} | about
    assert given == expected | {"api_name": "/similar"}
    asked, answer = sent_by(code.curl, tmp_path)
    assert body_of(asked) == [STRANGE, 7, "scenes", about.get("region")]
    assert answer[1].endswith("/gradio_api/call/similar/abc123")


def test_a_photo_is_named_as_a_file(tmp_path: Path) -> None:
    query = replace(QUERY, sketch=Sketch((), Path("upload.jpg"), photo=True), text=STRANGE)
    code = code_for(query, ADDRESS)
    assert "image=handle_file('photo.jpg'), api_name=\"/similar\")" in code.python
    upload, asked, _ = sent_by(code.curl, tmp_path)
    assert "files=@photo.jpg" in upload
    *others, sketch, text = body_of(asked)
    assert (others, text) == ([None, 7, None, None], STRANGE.strip())
    assert sketch["path"] == "/tmp/a b.png"


@pytest.mark.parametrize("text", ["on the snow", STRANGE, ""])
def test_both_ask_the_same(text: str, tmp_path: Path) -> None:
    code = code_for(replace(QUERY, text=text), ADDRESS)
    assert call_of(code.python) == ["handle_file(sketch)", text, 7, -0.25]
    upload, call, answer = sent_by(code.curl, tmp_path)
    assert upload[1] == "http://127.0.0.1:7860/gradio_api/upload"
    assert call[1] == "http://127.0.0.1:7860/gradio_api/call/search"
    sketch = {"path": "/tmp/a b.png", "meta": {"_type": "gradio.FileData"}}
    assert body_of(call) == [sketch, text, 7, -0.25]
    assert answer == ["-sSN", "http://127.0.0.1:7860/gradio_api/call/search/abc123"]
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("sketch", [QUERY.sketch, None])
def test_both_name_the_gallery(sketch: Sketch | None, tmp_path: Path) -> None:
    code = code_for(replace(QUERY, sketch=sketch, gallery=STRANGE), ADDRESS)
    assert call_of(code.python)[1:] == ["on the snow", 7, -0.25]
    assert f"gallery={STRANGE!r}" in code.python
    *_, call, _ = sent_by(code.curl, tmp_path)
    assert body_of(call)[1:] == ["on the snow", 7, -0.25, STRANGE]
    assert not (tmp_path / "no").exists()


def test_the_drawing_in_it_is_what_the_page_searches(tmp_path: Path) -> None:
    code = code_for(QUERY, ADDRESS)
    (assignment,) = [
        node
        for node in ast.walk(ast.parse(code.python))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SKETCH"
    ]
    content = base64.b64decode(ast.literal_eval(assignment.value))
    assert QUERY.sketch is not None
    assert Image.open(io.BytesIO(content)).tobytes() == QUERY.sketch.draw().tobytes()
    sent_by(code.curl, tmp_path)
    assert (tmp_path / "uploaded").read_bytes() == content


def test_words_alone_upload_nothing(tmp_path: Path) -> None:
    code = code_for(replace(QUERY, sketch=None), ADDRESS)
    assert call_of(code.python) == ["None", "on the snow", 7, -0.25]
    assert "base64" not in code.python
    call, _ = sent_by(code.curl, tmp_path)
    assert body_of(call) == [None, "on the snow", 7, -0.25]


def picture(path: Path, pixels: int) -> Sketch:
    Image.effect_noise((pixels, pixels), 90).save(path)
    return Sketch(picture=path)


def test_a_small_picture_goes_in_as_it_is(tmp_path: Path) -> None:
    sketch = picture(tmp_path / "mine.jpg", 60)
    code = code_for(replace(QUERY, sketch=sketch), ADDRESS)
    assert base64.b64encode((tmp_path / "mine.jpg").read_bytes()).decode() in code.python
    upload, *_ = sent_by(code.curl, tmp_path)
    assert upload[3] == "files=@-;filename=drawing.jpg"
    assert (tmp_path / "uploaded").read_bytes() == (tmp_path / "mine.jpg").read_bytes()


def test_a_large_picture_is_read_from_a_file(tmp_path: Path) -> None:
    sketch = picture(tmp_path / "mine.png", 400)
    code = code_for(replace(QUERY, sketch=sketch), ADDRESS)
    assert call_of(code.python)[0] == "handle_file('drawing.png')"
    upload, *_ = sent_by(code.curl, tmp_path)
    assert upload[3] == "files=@drawing.png"
    assert len(code.python + code.curl) < MOST_SKETCH_BYTES


def test_a_picture_that_is_gone_is_said(tmp_path: Path) -> None:
    sketch = picture(tmp_path / "mine.png", 20)
    (tmp_path / "mine.png").unlink()
    with pytest.raises(SketchError, match="can't be read"):
        code_for(replace(QUERY, sketch=sketch), ADDRESS)


def test_an_address_is_no_code() -> None:
    code: Code = code_for(QUERY, "http://x/'; touch no; '")
    assert shlex.split(code.curl.splitlines()[0]) == ["server=http://x/'; touch no; '"]
    assert "Client(\"http://x/'; touch no; '\")" in code.python
