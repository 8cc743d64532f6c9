"""What boxes on a photo prove about one of its objects, and texts that say it, worded as for scenes.

Boxes say where a thing is, how large it looks and what else is there. They don't say what hides what, what
stands on what, or what is not there (not everything is boxed): texts about photos say none of it.
"""

from collections.abc import Sequence

import numpy as np

from stnet.data.photos import PhotoObject
from stnet.data.scenes.composing import size_word
from stnet.data.scenes.facts import Fact, beside, compared, longest, positions
from stnet.data.words.naming import names_it, naming_words
from stnet.data.words.wording import choose_among, phrase


def photo_facts(objects: Sequence[PhotoObject], target: int) -> list[Fact]:
    """Everything that the boxes prove about objects[target], in a fixed order.

    Relations are stated to things of another kind that are boxed once, and never to one whose name would
    name the target, too.
    """
    this = objects[target]
    others = [
        entry
        for entry in objects
        if entry.category != this.category and not names_it(entry.category, this.category)
    ]
    found = [Fact("position", value) for value in positions(this)]
    size = size_word(longest(this))
    if size is not None:
        found.append(Fact("size", size))
    found += [Fact("near", entry.category, entry.category) for entry in others]
    names = [entry.category for entry in objects]
    for entry in others:
        if names.count(entry.category) == 1:
            values = beside(this, entry) + compared(this, entry)
            found += [Fact("relation", value, entry.category) for value in values]
    return list(dict.fromkeys(found))


def describe_boxes(
    objects: Sequence[PhotoObject], target: int, rng: np.random.Generator
) -> tuple[str, tuple[Fact, ...]]:
    """English about objects[target] that never names it, and the facts that it states; "" and none where the
    boxes prove nothing that can be said."""
    unspoken = naming_words(objects[target].category)
    chosen = choose_among(photo_facts(objects, target), unspoken, rng)
    return (phrase(chosen, rng, unspoken=unspoken), chosen) if chosen else ("", ())
