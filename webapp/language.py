"""Whether words are in another language than English, the one that the text encoder was taught.

A hint may be missing, but must not be wrong: English, names and single nouns give none. Words are foreign if

* more than half of their letters are of another script than Latin (Cyrillic, Han, Arabic, ...), or
* they have a little word that English has not, alone (German "auf") or with the next one (Spanish "en la"),
  and no little word that only English has ("the", "of").

Left out are words that names and English phrases have, too: "la", "von", "sur" (Big Sur), "en" (en route),
"mit" (MIT), "uma" (Uma Thurman).
"""

import re
import unicodedata
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    (
        *(
            "the",
            "of",
            "with",
            "and",
            "at",
            "near",
            "behind",
            "beside",
            "between",
            "next",
            "front",
            "without",
        ),
        *("not", "is", "are", "by", "from", "his", "her", "its"),
    )
)
_FOREIGN = frozenset(
    word
    for words in (
        "auf und neben eine einen einem einer zwischen hinter nicht ohne",  # German
        "avec devant derrière où",  # French
        "junto debajo encima detrás delante",  # Spanish
        "accanto vicino",  # Italian
        "perto debaixo embaixo",  # Portuguese
        "een naast achter tussen zonder onder",  # Dutch
        "przy obok pomiędzy",  # Polish
        "på och bredvid bakom",  # Swedish
        "üzerinde altında yanında",  # Turkish
        "dengan seekor sebuah",  # Indonesian
    )
    for word in words.split()
)
_FOREIGN_PAIRS = frozenset(
    f"{first} {second}"
    for firsts, seconds in (
        ("in an mit über", "der dem einem einer"),
        ("unter", "dem einem einer"),
        ("im am", "schnee wald wasser gras garten himmel meer park strand"),
        ("sur dans sous", "la le les un une"),
        ("en con sobre bajo", "el la los las un una"),
        ("nel nella sul sulla", "neve prato bosco mare cielo acqua erba spiaggia"),
        ("com em", "um uma o os as"),
        ("na no", "neve praia grama água mar"),
        ("op met", "de een het"),
        ("ved", "siden"),
    )
    for first in firsts.split()
    for second in seconds.split()
)


def is_foreign(text: str) -> bool:
    """Whether the words of a query are seen to be in another language than English."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    letters = "".join(words)
    if 2 * sum(not _is_latin(letter) for letter in letters) > len(letters):
        return True
    if not _ENGLISH.isdisjoint(words):
        return False
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    return not _FOREIGN.isdisjoint(words) or not _FOREIGN_PAIRS.isdisjoint(pairs)


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")
