"""Texts about one object of a scene that never name it: chosen facts, put into varied English."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from stnet.data.categories import CategorySplit
from stnet.data.scenes.composing import Scene
from stnet.data.scenes.facts import Fact, facts
from stnet.data.words import phrases, place_phrases
from stnet.data.words.phrases import Wordings

_TABLES: dict[str, dict[str, Wordings]] = {
    "place": place_phrases.PLACES,
    "light": phrases.LIGHTS,
    "position": phrases.POSITIONS,
    "size": phrases.SIZES,
    "colour": phrases.COLOURS,
    "count": phrases.COUNTS,
    "crowd": phrases.CROWDS,
    "rank": phrases.RANKS,
    "relation": phrases.RELATIONS,
}
_ADJECTIVES = ("size", "colour")
# How likely a fact is stated where it holds; `_RELATION_WEIGHTS` then choose among the relations.
_CHANCES = {
    "place": 0.75,
    "position": 0.35,
    "size": 0.4,
    "colour": 0.6,
    "count": 0.6,
    "crowd": 0.1,
    "rank": 0.3,
}
_LIGHT_CHANCES = {"day": 0.1, "dusk": 0.35, "night": 0.4}
_RELATION_CHANCES = (0.85, 0.4)  # of a first, and then of a second one
_RELATION_WEIGHTS = {
    "on": 4.0,
    "under": 4.0,
    "behind": 2.5,
    "front": 2.5,
    "next": 2.0,
    "left": 1.5,
    "right": 1.5,
    "near": 1.5,
    "bigger": 0.6,
    "smaller": 0.6,
}
_NUMBER_OF_FACTS = (1, 2, 2, 3, 3, 3, 3, 4, 4, 4)
_KEYWORDS_CHANCE, _LOWER_CASE_CHANCE, _HELD_OUT_CHANCE = 0.25, 0.3, 0.5
_UNCOUNTED = frozenset({"broccoli", "corn", "garlic", "ginger", "bread", "lettuce"})
_PAIRED = frozenset({"scissors", "binoculars", "pliers", "trousers", "pants", "glasses", "jeans", "shorts"})
_SINGULAR_IN_S = ("ss", "us", "is")
_IGNORED_IN_NAMES = frozenset({"a", "an", "and", "in", "of", "o", "on", "the", "with"})


def describe(scene: Scene, target: int, rng: np.random.Generator, *, held_out: bool = False) -> str:
    """English about scene.objects[target] that never names it. `held_out` uses wording kept from training."""
    return describe_with_facts(scene, target, rng, held_out=held_out)[0]


def describe_with_facts(
    scene: Scene, target: int, rng: np.random.Generator, *, held_out: bool = False
) -> tuple[str, tuple[Fact, ...]]:
    """`describe`, and the facts that the text states."""
    unspoken = name_words(scene.objects[target].category)
    chosen = choose_facts(scene, target, rng)
    return phrase(chosen, rng, held_out=held_out, unspoken=unspoken), chosen


def name_words(category: str) -> frozenset[str]:
    """The words of a category's name, singular and plural, which a text about it must not use."""
    words = set(_words(category)) - _IGNORED_IN_NAMES
    stems = {_stem(word) for word in words}
    return frozenset(words | stems)


def choose_facts(scene: Scene, target: int, rng: np.random.Generator) -> tuple[Fact, ...]:
    """One to four facts about scene.objects[target], each of which can be said without naming it."""
    return choose_among(facts(scene, target), name_words(scene.objects[target].category), rng)


def choose_among(
    found: Sequence[Fact], unspoken: frozenset[str], rng: np.random.Generator
) -> tuple[Fact, ...]:
    """One to four of the facts `found`, each of which can be said without the words `unspoken`, in order.

    None where nothing can be said.
    """
    sayable = [fact for fact in found if _sayable(fact, unspoken)]
    if not sayable:
        return ()
    relations = _choose_relations([fact for fact in sayable if fact.other], rng)
    chosen = list(relations)
    for kind in ("place", "light", *(kind for kind in _CHANCES if kind != "place")):
        choices = [fact for fact in sayable if fact.kind == kind]
        if choices:
            fact = choices[int(rng.integers(len(choices)))]
            if rng.random() < (_LIGHT_CHANCES[fact.value] if kind == "light" else _CHANCES[kind]):
                chosen.append(fact)
    if not chosen:
        chosen = [sayable[int(rng.integers(len(sayable)))]]
    count = _NUMBER_OF_FACTS[int(rng.integers(len(_NUMBER_OF_FACTS)))]
    kept = rng.permutation(len(chosen))[:count]
    return tuple(chosen[index] for index in sorted(kept))


def _choose_relations(relations: list[Fact], rng: np.random.Generator) -> list[Fact]:
    """None, one or two relations, to different objects."""
    chosen: list[Fact] = []
    for chance in _RELATION_CHANCES:
        named = {fact.other for fact in chosen}
        choices = [fact for fact in relations if fact.other not in named]
        if not choices or rng.random() >= chance:
            break
        weights = np.array(
            [_RELATION_WEIGHTS["near" if fact.kind == "near" else fact.value] for fact in choices]
        )
        chosen.append(choices[int(rng.choice(len(choices), p=weights / weights.sum()))])
    return chosen


def phrase(
    stated: Sequence[Fact],
    rng: np.random.Generator,
    *,
    held_out: bool = False,
    unspoken: Iterable[str] = (),
) -> str:
    """All of the `stated` facts in one text without any of the words in `unspoken`.

    With `held_out` the form is one that training never uses, and so is about half of the words.
    Raises ValueError when there is no fact, or one that cannot be said without those words.
    """
    if not stated:
        raise ValueError("a text needs one fact or more to state, got none")
    words = frozenset(unspoken)
    adjectives = [
        _pick(_TABLES[kind][fact.value], rng, held_out, words)
        for kind in _ADJECTIVES
        for fact in stated
        if fact.kind == kind
    ]
    parts = [_say(fact, rng, held_out, words) for fact in stated if fact.kind not in (*_ADJECTIVES, "near")]
    near = [fact for fact in stated if fact.kind == "near"]
    if near:
        listed = " and ".join(_with_article(fact.other, rng, definite=False) for fact in near)
        parts.append(_pick(phrases.NEAR, rng, held_out, words).format(other=listed))
    text = _assemble(adjectives, _ordered(parts, stated, rng), rng, held_out, words)
    return text.lower().rstrip(".") if rng.random() < _LOWER_CASE_CHANCE else text


def _say(fact: Fact, rng: np.random.Generator, held_out: bool, unspoken: frozenset[str]) -> str:
    wording = _pick(_TABLES[fact.kind][fact.value], rng, held_out, unspoken)
    if fact.other:
        wording = wording.format(other=_with_article(fact.other, rng, definite=bool(rng.random() < 0.6)))
    return wording


def _ordered(parts: list[str], stated: Sequence[Fact], rng: np.random.Generator) -> list[str]:
    """The parts as a person may order them: shuffled, but the light stays with the place."""
    kinds = [fact.kind for fact in stated if fact.kind not in (*_ADJECTIVES, "near")]
    joined = list(parts)
    if "place" in kinds and "light" in kinds:
        place, light = kinds.index("place"), kinds.index("light")
        joined[place] = f"{parts[place]} {parts[light]}"
        del joined[light]
    return [joined[index] for index in rng.permutation(len(joined))]


def _assemble(
    adjectives: list[str],
    parts: list[str],
    rng: np.random.Generator,
    held_out: bool,
    unspoken: frozenset[str],
) -> str:
    """Put adjectives and parts into a list of keywords or into one of the forms."""
    if rng.random() < _KEYWORDS_CHANCE and len(adjectives) + len(parts) > 1:
        separators = phrases.SEPARATORS.held_out if held_out else phrases.SEPARATORS.training
        return separators[int(rng.integers(len(separators)))].join([*adjectives, *parts])
    where = (", " if rng.random() < 0.35 else " ").join(parts)
    forms = phrases.FORMS.held_out if held_out else phrases.FORMS.training
    usable = [form for form in forms if _fits(form, bool(adjectives), bool(parts)) and avoids(form, unspoken)]
    form = usable[int(rng.integers(len(usable)))]
    one = " ".join([*adjectives, "one"])
    described = " and ".join(adjectives)
    text = form.format(
        one=f"{_article(one)} {one}" if adjectives else one,
        the=f"the {one}",
        something=f"something {described}".strip(),
        adjectives=described,
        where=where,
    )
    text = " ".join(text.split())
    for mark in ".?":
        text = text.replace(f" {mark}", mark)
    return text[0].upper() + text[1:] if form[-1] in ".?" else text


def _fits(form: str, adjectives: bool, parts: bool) -> bool:
    """Whether `form` says all there is to say and nothing that is missing."""
    says_adjectives = any(slot in form for slot in ("{one}", "{the}", "{something}", "{adjectives}"))
    if "{adjectives}" in form and not adjectives:
        return False
    if adjectives and not says_adjectives:
        return False
    if parts:
        return "{where}" in form
    # With adjectives alone, a form must still read well: "find a red one".
    return form == "It is {adjectives}." or form.rstrip(".?").endswith(
        ("{one} {where}", "{the} {where}", "{something} {where}")
    )


def _pick(wordings: Wordings, rng: np.random.Generator, held_out: bool, unspoken: frozenset[str]) -> str:
    """One wording that avoids the words in `unspoken`."""
    rare = held_out and rng.random() < _HELD_OUT_CHANCE
    pools = (wordings.held_out, wordings.training) if rare else (wordings.training,)
    for pool in pools:
        choices = [text for text in pool if avoids(text, unspoken)]
        if choices:
            return choices[int(rng.integers(len(choices)))]
    raise ValueError(f"nothing in {wordings.training} can be said without the words {sorted(unspoken)}")


def _sayable(fact: Fact, unspoken: frozenset[str]) -> bool:
    if fact.other and not avoids(fact.other, unspoken):
        return False
    wordings = phrases.NEAR if fact.kind == "near" else _TABLES[fact.kind].get(fact.value)
    return wordings is not None and any(avoids(text, unspoken) for text in wordings.training)


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()


def _stem(word: str) -> str:
    """`word` without the ending of its plural."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(_SINGULAR_IN_S):
        return word[:-1]
    return word


def avoids(text: str, unspoken: frozenset[str]) -> bool:
    """Whether `text` uses none of the words, in singular or plural."""
    return not any(word in unspoken or _stem(word) in unspoken for word in _words(text))


def _article(words: str) -> str:
    sounds_like_you = words.startswith(("uni", "uku", "eu", "use", "one"))
    return "an" if words[0] in "aeiou" and not sounds_like_you else "a"


def _with_article(category: str, rng: np.random.Generator, *, definite: bool) -> str:
    if definite:
        return f"the {category}"
    last = category.split()[-1]
    if last in _PAIRED:
        return f"a pair of {category}"
    if last in _UNCOUNTED or (last.endswith("s") and not last.endswith(_SINGULAR_IN_S)):
        return f"some {category}"
    return f"{_article(category)} {category}"


def corpus(split: CategorySplit, rng: np.random.Generator, count: int) -> Iterator[str]:
    """`count` texts in the training wording about imagined scenes: what a tokenizer learns its words from."""
    others = [kind for kind in _TABLES if kind not in ("place", "relation")]
    for _ in range(count):
        imagined = []
        kinds = [str(kind) for kind in rng.choice(others, int(rng.integers(0, 3)), replace=False)]
        for kind in ["place", *kinds] if rng.random() < 0.6 else kinds:
            values = tuple(_TABLES[kind])
            imagined.append(Fact(kind, values[int(rng.integers(len(values)))]))
        other = split.names[int(rng.integers(len(split.names)))]
        if rng.random() < 0.3:
            imagined.append(Fact("near", other, other))
        else:
            relations = tuple(phrases.RELATIONS)
            imagined.append(Fact("relation", relations[int(rng.integers(len(relations)))], other))
        yield phrase(imagined, rng)
