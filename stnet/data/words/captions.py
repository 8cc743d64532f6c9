"""People's captions of photos as texts about one thing on them: its name taken out, or not used at all.

"A brown dog sitting on the grass" about the dog becomes "a brown one sitting on the grass", as texts about
scenes speak ("a small one behind a drum"), "a dog" becomes "something", "two dogs" become "two things". Where
that would leave the name or no English, there is no text.
"""

import re
from functools import lru_cache

from stnet.data.words.naming import names_it, naming_words, nouns

FEWEST_WORDS = 3
_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*|[.,;:?!]")
_STOPS = ".,;:?!"
_SIDES = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
# A name is the head of its phrase where one of these follows: "a dog on ...", but not "a dog house".
_FOLLOWERS = (
    "a about above across against all along alongside among amid an and are around as at atop away back "
    "before behind below beneath beside besides between but by can down during each following for from "
    "going had has have he her his holding in inside into is it its laying like looking lying near nearby "
    "next off on onto or out outside over parked past playing riding sits sitting she sleeping so "
    "standing stands some surrounded that the their there they through to together topped toward towards "
    "traveling two under underneath up upon walking walks was were wearing where which while who whose "
    "with within without runs jumps lies lays looks plays rests eats watches waits flies drives swims "
    "leaps stares grazes grazing catches chases carries rides stand rest walk eating laid filled made "
    "covered being jumping running"
)
_AFTER_A_HEAD = frozenset(_FOLLOWERS.split())
_DETERMINERS = frozenset(["a", "an", "the", "his", "her", "its", "their", "my", "your", "our"])
_NOT_DESCRIBING = _AFTER_A_HEAD | _DETERMINERS | frozenset({"of", *_STOPS})


def mentions_sides(caption: str) -> bool:
    """Whether a caption is wrong about the mirrored photo."""
    return _SIDES.search(caption) is not None


@lru_cache(maxsize=65536)
def text_without_name(caption: str, category: str) -> str | None:
    """A caption of a photo as a text about its `category`, which it no longer names; None where it can't be.

    A caption that never mentions the thing is taken as it is: it tells of what surrounds it.
    """
    words = _WORD.findall(caption.lower())
    kept: list[str] = []
    index = 0
    while index < len(words):
        length = _mention(words, index, category)
        if not length:
            kept.append(words[index])
            index += 1
            continue
        plural = _is_plural(words[index + length - 1], category)
        index += length
        if index < len(words) and not _may_follow(words[index]):
            return None
        kept = _stand_in(kept, plural)
    text = re.sub(r" ([.,;:?!])", r"\1", " ".join(kept)).rstrip(_STOPS)
    wordy = sum(word not in _STOPS for word in kept)
    return None if wordy < FEWEST_WORDS or names_it(text, category) else text


def _mention(words: list[str], index: int, category: str) -> int:
    """How many words from `index` on are a name of `category`, "traffic light" say: 0 if none are."""
    names, length = naming_words(category), 0
    while index + length < len(words) and _is_one_of(words[index + length], names):
        length += 1
    return length if length and _is_one_of(words[index + length - 1], nouns(category)) else 0


def _is_one_of(word: str, names: frozenset[str]) -> bool:
    """Whether `word` is one of the names, whatever its number."""
    forms = (word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word))
    return any(form in names for form in forms)


def _is_plural(word: str, category: str) -> bool:
    """Whether a name stands for several; what is its own plural ("sheep") counts as one."""
    return word.endswith("s") and not word.endswith(("ss", "us")) and word not in category.split()


def _may_follow(word: str) -> bool:
    return word in _AFTER_A_HEAD or word in _STOPS


def _stand_in(before: list[str], plural: bool) -> list[str]:
    """The words before a name, and what stands for it: "a brown" -> "a brown one", "two" -> "two things"."""
    if plural:
        return [*before, "things"]
    if before and before[-1] in _DETERMINERS:
        return [*before[:-1], "something"]
    described = bool(before) and before[-1] not in _NOT_DESCRIBING
    named = len(before) > 1 and before[-2] in _DETERMINERS  # "a parked car", not "has parked cars"
    return [*before, "one" if described or named else "something"]
