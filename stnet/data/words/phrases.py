"""The English for every fact but the place: what training says, and paraphrases kept for measuring."""

from typing import NamedTuple


class Wordings(NamedTuple):
    """Ways to say one thing: those that training uses, and those `held_out` from it."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]


LIGHTS: dict[str, Wordings] = {
    "day": Wordings(
        ("by day", "in daylight", "during the day", "in the daytime"),
        ("in broad daylight", "on a bright day"),
    ),
    "dusk": Wordings(
        (
            "at dusk",
            "in the evening",
            "at sunset",
            "in the evening light",
            "under the evening sky",
            "in warm evening light",
        ),
        ("at nightfall", "as the sun goes down", "in the orange light of the evening"),
    ),
    "night": Wordings(
        (
            "at night",
            "in the dark",
            "by night",
            "in the middle of the night",
            "under a night sky",
            "in the darkness",
        ),
        ("late at night", "after dark", "on a dark night"),
    ),
}

POSITIONS: dict[str, Wordings] = {
    "left": Wordings(
        ("on the left", "on the left side", "on the left of the picture", "at the left", "in the left part"),
        ("on the left hand side", "over to the left of the image"),
    ),
    "right": Wordings(
        (
            "on the right",
            "on the right side",
            "on the right of the picture",
            "at the right",
            "in the right part",
        ),
        ("on the right hand side", "over to the right of the image"),
    ),
    "middle": Wordings(
        ("in the middle", "in the centre", "in the middle of the picture", "in the center"),
        ("halfway between left and right", "in the central part"),
    ),
    "bottom": Wordings(
        ("at the bottom", "at the bottom of the picture", "near the lower edge", "low in the picture"),
        ("down at the lower border", "in the bottom part of the image"),
    ),
    "top": Wordings(
        ("at the top", "at the top of the picture", "near the upper edge", "high in the picture"),
        ("up at the upper border", "in the top part of the image"),
    ),
    "lower left": Wordings(
        ("in the lower left", "in the lower left corner", "at the bottom left", "in the bottom left corner"),
        ("on the left near the bottom", "down on the left"),
    ),
    "lower right": Wordings(
        (
            "in the lower right",
            "in the lower right corner",
            "at the bottom right",
            "in the bottom right corner",
        ),
        ("on the right near the bottom", "down on the right"),
    ),
    "upper left": Wordings(
        ("in the upper left", "in the upper left corner", "at the top left", "in the top left corner"),
        ("on the left near the top", "up on the left"),
    ),
    "upper right": Wordings(
        ("in the upper right", "in the upper right corner", "at the top right", "in the top right corner"),
        ("on the right near the top", "up on the right"),
    ),
}

SIZES: dict[str, Wordings] = {
    "small": Wordings(("small", "little", "tiny"), ("rather small", "miniature")),
    "large": Wordings(("large", "big", "huge"), ("very big", "giant")),
}

COLOURS: dict[str, Wordings] = {
    "red": Wordings(("red", "red coloured"), ("reddish", "red looking")),
    "orange": Wordings(("orange", "orange coloured"), ("orange looking",)),
    "yellow": Wordings(("yellow", "yellow coloured"), ("yellowish", "yellow looking")),
    "green": Wordings(("green", "green coloured"), ("greenish", "green looking")),
    "blue": Wordings(("blue", "blue coloured"), ("bluish", "blue looking")),
    "purple": Wordings(("purple", "violet"), ("purple looking", "purplish")),
    "pink": Wordings(("pink", "pink coloured"), ("pinkish", "pink looking")),
    "brown": Wordings(("brown", "brown coloured"), ("brownish", "brown looking")),
    "black": Wordings(("black", "black coloured"), ("blackish", "black looking")),
    "white": Wordings(("white", "white coloured"), ("whitish", "white looking")),
    "grey": Wordings(("grey", "gray"), ("greyish", "grey looking")),
}

COUNTS: dict[str, Wordings] = {
    "2": Wordings(
        (
            "with another one like it",
            "with a second one",
            "as one of two",
            "as one of a pair",
            "where there are two of them",
        ),
        ("together with its twin", "with one more of the same kind"),
    ),
}

CROWDS: dict[str, Wordings] = {
    "1": Wordings(("all alone", "with nothing else"), ("on its own",)),
    "2": Wordings(
        ("with only one other thing", "alone with one other thing", "with just one more object"),
        ("with a single other object around", "and just one thing besides it"),
    ),
    "3": Wordings(
        ("with two other things", "with two more objects", "as one of three things"),
        ("in a group of three things", "and two things besides it"),
    ),
    "4": Wordings(
        ("with three other things", "with three more objects", "as one of four things"),
        ("in a group of four things", "and three things besides it"),
    ),
    "5": Wordings(
        (
            "in a crowd of things",
            "with four other things",
            "with many other things",
            "with lots of other objects",
        ),
        ("in a crowded picture", "among many different things"),
    ),
}

RANKS: dict[str, Wordings] = {
    "largest": Wordings(
        ("bigger than everything else", "larger than all the others", "the biggest thing there"),
        ("the largest of them all", "bigger than anything around it"),
    ),
    "smallest": Wordings(
        ("smaller than everything else", "smaller than all the others", "the smallest thing there"),
        ("the tiniest of them all", "smaller than anything around it"),
    ),
}

# {other} is another object with its article.
RELATIONS: dict[str, Wordings] = {
    "left": Wordings(
        (
            "left of {other}",
            "to the left of {other}",
            "on the left side of {other}",
            "with {other} to its right",
        ),
        ("on the left hand of {other}", "further left than {other}"),
    ),
    "right": Wordings(
        (
            "right of {other}",
            "to the right of {other}",
            "on the right side of {other}",
            "with {other} to its left",
        ),
        ("on the right hand of {other}", "further right than {other}"),
    ),
    "next": Wordings(
        (
            "next to {other}",
            "beside {other}",
            "right next to {other}",
            "by the side of {other}",
            "close to {other}",
        ),
        ("side by side with {other}", "just beside {other}"),
    ),
    "behind": Wordings(
        (
            "behind {other}",
            "partly hidden by {other}",
            "half hidden behind {other}",
            "with {other} in front of it",
        ),
        ("at the back of {other}", "partly covered by {other}"),
    ),
    "front": Wordings(
        ("in front of {other}", "with {other} behind it", "partly hiding {other}", "before {other}"),
        ("covering a part of {other}", "with {other} at its back"),
    ),
    "on": Wordings(
        (
            "on top of {other}",
            "on {other}",
            "standing on {other}",
            "placed on top of {other}",
            "on the top of {other}",
        ),
        ("with {other} under it", "up on {other}"),
    ),
    "under": Wordings(
        (
            "under {other}",
            "below {other}",
            "with {other} on top of it",
            "beneath {other}",
            "carrying {other}",
        ),
        ("with {other} standing on it", "underneath {other}"),
    ),
    "bigger": Wordings(
        ("bigger than {other}", "larger than {other}", "much bigger than {other}"),
        ("of greater size than {other}", "a lot larger than {other}"),
    ),
    "smaller": Wordings(
        ("smaller than {other}", "much smaller than {other}", "not as big as {other}"),
        ("of lesser size than {other}", "a lot smaller than {other}"),
    ),
}

# {other} lists one or more objects.
NEAR = Wordings(
    (
        "with {other} nearby",
        "together with {other}",
        "in a picture with {other}",
        "with {other} in the picture",
        "with {other}",
    ),
    ("accompanied by {other}", "with {other} somewhere around", "in the same image as {other}"),
)

# {one}: "one" or "a small red one"; {the}: the same with "the"; {something}: "something small and red";
# {adjectives}: "small and red"; {where}: everything else. A form is used when all that it needs is there.
FORMS = Wordings(
    (
        "{one} {where}",
        "{the} {where}",
        "{something} {where}",
        "It is {where}.",
        "It stands {where}.",
        "It is {adjectives}.",
        "It is {adjectives} and {where}.",
        "It is {adjectives}, {where}.",
        "It stands {where}. It is {adjectives}.",
        "I am looking for {one} {where}.",
        "I want to find {one} {where}.",
        "find {one} {where}",
        "show me {the} {where}",
        "a picture of {one} {where}",
        "There is {one} {where}.",
        "{one} that is {where}",
    ),
    (
        "Can you show me {one} {where}?",
        "I remember {one} {where}.",
        "Where is {the} {where}?",
        "You can see it {where}.",
        "please search for {one} {where}",
        "There should be {one} {where}.",
        "It was {where}, and it was {adjectives}.",
        "the image has {one} {where}",
    ),
)

# Between the parts of a query that is only a list of keywords.
SEPARATORS = Wordings((", ", " ", ", "), ("; ", " and "))
