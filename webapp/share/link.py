"""Queries as links: all of a query is in the link's fragment, which browsers keep to themselves.

After "query=" comes the format's version, a dot, and base64url of zlib of: top_k; the balance in
hundredths; the text's length in bytes, and the text in UTF-8; the number of strokes; for each stroke the
number of its points and their x and y, each as the difference to the point before, be it of another stroke;
from version 2 on, the length in bytes of the gallery's name, and the name in UTF-8; and in version 3, whose
gallery may be "" for the first, the same of the id of the picture whose like is wanted, the number that it
had, 1 or 0 for whether it is about a region, and the four numbers of the region in thousandths. Version 4 has
after the gallery's name 1 or 0 for whether things that are drawn apart are wanted, how many pictures to turn
away from and their ids, and 1 or 0 for whether what version 3 has follows. Version 5 has after all this how
many names of things there are, and the names, and how many filters, and the name and the value of each.
Version 6 is version 5 of a query whose sketch is to be taken for nothing.
A number has 7 bits a byte, the lowest first; one that may be negative is folded: 0, -1, 1, -2, ... are 0,
1, 2, 3, ... . By zlib's checksum a link that was cut or changed on its way is known.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from stnet.model.processing import MOST_CHARACTERS, clean_text
from stnet.search.exclusion import MOST_UNLIKE
from stnet.search.query import MOST_RESULTS
from stnet.search.things import MOST_THINGS
from webapp.canvas import Sketch
from webapp.canvas.strokes import MOST_POINTS, MOST_STROKES
from webapp.query import LONGEST_THING, MOST_FILTERS, Likeness, PageQuery, read_names
from webapp.query import STEPS as PARTS

NAME = "query="
VERSION, VERSION_WITH_GALLERY, VERSION_WITH_LIKENESS, VERSION_WITH_WISHES = "1", "2", "3", "4"
VERSION_WITH_NAMES = "5"  # of things, and filters
VERSION_WITHOUT_GUESS = "6"
VERSIONS = tuple("123456")
LONGEST_NAME = 200  # letters, of a gallery
LONGEST_ID = 500  # letters, of a picture
LONGEST_FILTER = 200  # letters, of a field's name or its value
LONGEST_NUMBER = 28  # bits; none that we write has more than 15
STEPS = 100  # of the balance, on each side
# top_k, a balance, text and names of 4 bytes a character, and strokes whose every number takes 2 bytes
_MOST_NAMES = LONGEST_NAME + LONGEST_ID * (1 + MOST_UNLIKE) + LONGEST_THING * MOST_THINGS
_MOST_NAMES += 2 * LONGEST_FILTER * MOST_FILTERS
MOST_BYTES = 64 + 4 * (MOST_CHARACTERS + _MOST_NAMES) + 2 * MOST_STROKES + 4 * MOST_POINTS
MOST_LETTERS = 2 * MOST_BYTES  # base64 takes 4 for 3; zlib never makes that much more
BROKEN = "This link is broken: a part of it is missing or changed. Nothing on the page was changed."
TOO_NEW = "This link was made by a newer version of this page, which this one can't read."


class LinkError(ValueError):
    """A query that no link can hold, or a link that holds none. The text says why."""


def fragment_of(query: PageQuery) -> str:
    """The fragment, without "#", of a link to a query.

    Raises:
        LinkError: if the paper holds a picture: a visitor's file never goes into a link. Or if the gallery's
            name has more than LONGEST_NAME letters, a picture's id more than LONGEST_ID, or a filter more
            than LONGEST_FILTER.
    """
    if query.sketch is not None and query.sketch.picture is not None:
        raise LinkError("A link can't hold the picture on your paper: draw, or use words, for a link.")
    if query.gallery is not None and len(query.gallery) > LONGEST_NAME:
        raise LinkError("A link can't hold the name of this gallery: it is too long.")
    named = (*query.unlike, "" if query.like is None else query.like.id)
    if max(map(len, named)) > LONGEST_ID:
        raise LinkError("A link can't hold the name of this picture: it is too long.")
    if any(len(text) > LONGEST_FILTER for one in query.filters for text in one):
        raise LinkError("A link can't hold this filter: it is too long.")
    version = VERSION if query.gallery is None else VERSION_WITH_GALLERY
    if query.like is not None:
        version = VERSION_WITH_LIKENESS
    if query.several or query.unlike:
        version = VERSION_WITH_WISHES
    if query.names or query.filters:
        version = VERSION_WITH_NAMES
    if not query.guess:
        version = VERSION_WITHOUT_GUESS
    content = zlib.compress(_bytes(query), level=9)
    return f"{NAME}{version}.{base64.urlsafe_b64encode(content).rstrip(b'=').decode()}"


def query_of(fragment: str) -> PageQuery:
    """The query of a link's fragment, as anybody may have sent it.

    Raises:
        LinkError: if it isn't what `fragment_of` makes.
    """
    version, _, content = fragment.removeprefix(NAME).partition(".")
    known = version in VERSIONS
    if fragment.startswith(NAME) and version.isdecimal() and not known:
        raise LinkError(TOO_NEW)
    if not fragment.startswith(f"{NAME}{version}.") or not known or len(fragment) > MOST_LETTERS:
        raise LinkError(BROKEN)
    try:
        return _read(_Reader(_inflated(content)), version)
    except (binascii.Error, zlib.error, ValueError) as error:  # SketchError is a ValueError
        raise LinkError(BROKEN) from error


def _bytes(query: PageQuery) -> bytes:
    text = query.text if len(query.text) <= MOST_CHARACTERS else clean_text(query.text)[:MOST_CHARACTERS]
    settings = bytes(_packed((query.top_k, _folded(round(query.balance * STEPS)))))
    strokes = () if query.sketch is None else query.sketch.strokes
    asked = settings + _encoded(text) + bytes(_packed(_differences(strokes)))
    if query.names or query.filters or not query.guess:
        return asked + _encoded(query.gallery or "") + _wishes(query) + _names_and_filters(query)
    if query.several or query.unlike:
        return asked + _encoded(query.gallery or "") + _wishes(query)
    if query.like is not None:
        return asked + _encoded(query.gallery or "") + _likeness(query.like)
    return asked + (b"" if query.gallery is None else _encoded(query.gallery))


def _wishes(query: PageQuery) -> bytes:
    unlike = b"".join(map(_encoded, query.unlike))
    like = b"" if query.like is None else _likeness(query.like)
    return bytes([query.several, len(query.unlike)]) + unlike + bytes([query.like is not None]) + like


def _names_and_filters(query: PageQuery) -> bytes:
    texts = [text for one in query.filters for text in one]
    names, filters = (b"".join(map(_encoded, part)) for part in (query.names, texts))
    return bytes([len(query.names)]) + names + bytes([len(query.filters)]) + filters


def _likeness(like: Likeness) -> bytes:
    region = [round(number * PARTS) for number in like.region or ()]
    return _encoded(like.id) + bytes(_packed([like.number, int(bool(region)), *region]))


def _encoded(text: str) -> bytes:
    """The length and the text; half a letter becomes a question mark."""
    content = text.encode("utf-8", errors="replace")
    return bytes(_packed([len(content)])) + content


def _differences(strokes: Sequence[Sequence[int]]) -> Iterator[int]:
    yield len(strokes)
    x = y = 0
    for stroke in strokes:
        yield len(stroke) // 2
        for new_x, new_y in zip(stroke[::2], stroke[1::2], strict=True):
            yield from (_folded(new_x - x), _folded(new_y - y))
            x, y = new_x, new_y


def _read(reader: "_Reader", version: str) -> PageQuery:
    top_k, balance = reader.number(), _unfolded(reader.number()) / STEPS
    text = reader.text(reader.number())
    strokes, x, y = [], 0, 0
    for _ in range(reader.number()):
        stroke = []
        for _ in range(reader.number()):
            x, y = x + _unfolded(reader.number()), y + _unfolded(reader.number())
            stroke += [x, y]
        strokes.append(tuple(stroke))
    gallery = None if version == VERSION else reader.text(reader.number())
    query = PageQuery(Sketch(tuple(strokes)) if strokes else None, text, top_k, balance, gallery)
    if version not in (VERSION, VERSION_WITH_GALLERY):
        query = replace(query, gallery=gallery or None)
    if version == VERSION_WITH_LIKENESS:
        query = replace(query, like=_read_likeness(reader))
    if version in (VERSION_WITH_WISHES, VERSION_WITH_NAMES, VERSION_WITHOUT_GUESS):
        query = _read_wishes(query, reader)
    if version in (VERSION_WITH_NAMES, VERSION_WITHOUT_GUESS):
        query = replace(query, names=_read_names(query, reader), filters=_read_filters(reader))
    query = replace(query, guess=version != VERSION_WITHOUT_GUESS)
    if not reader.at_end or not 1 <= top_k <= MOST_RESULTS or abs(balance) > 1:
        raise ValueError("no query of this page")
    return query


def _read_wishes(query: PageQuery, reader: "_Reader") -> PageQuery:
    several, count = reader.number(), reader.number()
    if several > 1 or count > MOST_UNLIKE:
        raise ValueError("no wishes of this page")
    unlike = tuple(reader.text(reader.number()) for _ in range(count))
    like = _read_likeness(reader) if reader.number() else None
    return replace(query, several=bool(several), unlike=unlike, like=like)


def _read_names(query: PageQuery, reader: "_Reader") -> tuple[str, ...]:
    count = reader.number()
    if count > (MOST_THINGS if query.several else 0):
        raise ValueError("no names of this page")
    return tuple(read_names([reader.text(reader.number()) for _ in range(count)]))


def _read_filters(reader: "_Reader") -> tuple[tuple[str, str], ...]:
    count = reader.number()
    if count > MOST_FILTERS:
        raise ValueError("no filters of this page")
    texts = [reader.text(reader.number()) for _ in range(2 * count)]
    return tuple(zip(texts[::2], texts[1::2], strict=True))


def _read_likeness(reader: "_Reader") -> Likeness:
    id, number = reader.text(reader.number()), reader.number()
    if not reader.number():
        return Likeness(id, number)
    x0, y0, x1, y1 = (reader.number() / PARTS for _ in range(4))
    return Likeness(id, number, (x0, y0, x1, y1))


def _folded(number: int) -> int:
    return 2 * number if number >= 0 else -2 * number - 1


def _unfolded(number: int) -> int:
    return number // 2 if number % 2 == 0 else -(number + 1) // 2


def _packed(numbers: Iterable[int]) -> Iterator[int]:
    """Bytes with 7 bits of a number each; the eighth says that more follow."""
    for number in numbers:
        while number >= 128:
            yield number % 128 + 128
            number //= 128
        yield number


def _inflated(content: str) -> bytes:
    """The bytes of a fragment's content, at most MOST_BYTES of them."""
    packed = base64.b64decode(content + "=" * (-len(content) % 4), altchars=b"-_", validate=True)
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(packed, MOST_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("cut, or longer than any query")
    return unpacked


class _Reader:
    """Numbers and text from bytes; ValueError where they end too early."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at == len(self._content)

    def number(self) -> int:
        number, byte, shift = 0, 128, 0
        while byte >= 128 and shift <= LONGEST_NUMBER:
            (byte,) = self._take(1)
            number += (byte % 128) << shift
            shift += 7
        return number

    def text(self, length: int) -> str:
        return self._take(length).decode("utf-8")

    def _take(self, length: int) -> bytes:
        taken = self._content[self._at : self._at + length]
        if len(taken) < length:
            raise ValueError("ends too early")
        self._at += length
        return taken
