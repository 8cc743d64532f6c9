"""What must not be learned from: pictures of the things that the split keeps from training."""

import re
from collections.abc import Iterable

from stnet.data.categories import load_split

# words of the split's unseen names that name other things, too, and what else those things are called
_COMMON = frozenset({"tree", "racket", "racquet"})
_ALSO_CALLED = frozenset(  # some clip art is named in Italian or French
    {
        *("ananas", "binocular", "canguro", "cherry", "coconut", "dente", "mante", "mantide", "palmtree"),
        *("rhino", "roo", "teeth", "trike", "tucan", "wc"),
    }
)


def withheld_words() -> frozenset[str]:
    """Words that a withheld thing may be called by, in lower case: of its name, and of its drawings'."""
    split = load_split()
    names = [*split.unseen, *(drawn for name in split.unseen for drawn in split.drawings.get(name, ()))]
    return _ALSO_CALLED | {word for word in _words(names) if word not in _COMMON}


def is_withheld(name: str, words: frozenset[str]) -> bool:
    """Whether a pictogram of this name, or in a file of this name, may show such a thing."""
    return not words.isdisjoint(_words([name]))


def _words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in re.findall("[a-z]+", name.lower())}
