"""The English for every fact: what training says, and paraphrases that are kept for measuring."""

from typing import NamedTuple


class Wordings(NamedTuple):
    """Ways to say one thing: those that training uses, and those `held_out` from it."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]


PLACES: dict[str, Wordings] = {
    "meadow": Wordings(
        (
            "in a meadow",
            "on a meadow",
            "in a grassy field",
            "in the grass with wild flowers",
            "on green grassland",
        ),
        ("in a flowery pasture", "on the grass of an open field"),
    ),
    "wheat field": Wordings(
        (
            "in a wheat field",
            "in a field of wheat",
            "in a golden field",
            "in a corn field",
            "among the crops",
        ),
        ("in a yellow grain field", "where the wheat grows"),
    ),
    "beach": Wordings(
        (
            "on the beach",
            "on a sandy beach",
            "by the sea",
            "on the sand by the ocean",
            "at the seaside",
            "on the shore",
        ),
        ("on the sand beside the waves", "at the coast", "on the seashore"),
    ),
    "desert": Wordings(
        (
            "in the desert",
            "in a hot desert",
            "among sand dunes",
            "on the dry sand with cactuses",
            "in a sandy wasteland",
        ),
        ("on the desert dunes", "in a dry land with cactuses"),
    ),
    "snow field": Wordings(
        (
            "in the snow",
            "in a snowy field",
            "on a snow field",
            "in a winter landscape",
            "on snow covered ground",
        ),
        ("in a white winter field", "where everything is covered in snow"),
    ),
    "forest": Wordings(
        ("in the forest", "in the woods", "among tall trees", "on the forest floor", "between the trees"),
        ("deep in the woods", "surrounded by trees"),
    ),
    "jungle": Wordings(
        ("in the jungle", "in a rain forest", "in the tropical jungle", "among palms and big leaves"),
        ("in a tropical rain forest", "in thick green jungle leaves"),
    ),
    "lake shore": Wordings(
        ("by a lake", "at the lake", "on the shore of a lake", "beside a calm lake", "at the lakeside"),
        ("at the edge of a lake", "on a lake shore with reeds"),
    ),
    "mountains": Wordings(
        (
            "in the mountains",
            "in front of snowy peaks",
            "below the mountains",
            "in a mountain valley",
            "with mountains in the background",
        ),
        ("high up in the alps", "at the foot of the mountains"),
    ),
    "cave": Wordings(
        ("in a cave", "inside a cave", "in a dark cave", "in a rocky cavern", "underground in a cave"),
        ("inside a rocky grotto", "in a cavern under the ground"),
    ),
    "underwater": Wordings(
        (
            "under water",
            "underwater",
            "at the bottom of the sea",
            "in the deep sea",
            "under the sea among corals",
        ),
        ("below the surface of the ocean", "on the sea floor"),
    ),
    "moon": Wordings(
        (
            "on the moon",
            "on the grey moon",
            "on the surface of the moon",
            "among the craters",
            "in outer space on the moon",
        ),
        ("on a lunar landscape", "on the moon's dusty ground"),
    ),
    "city street": Wordings(
        (
            "on a city street",
            "on the road in town",
            "in the city",
            "on a street between houses",
            "downtown on the street",
        ),
        ("on the asphalt of a town road", "in an urban street"),
    ),
    "market": Wordings(
        (
            "at the market",
            "in a market",
            "in front of the market stalls",
            "on the market square",
            "at a street market",
        ),
        ("beside the stands of a market", "where people sell fruit and vegetables"),
    ),
    "swimming pool": Wordings(
        (
            "by the swimming pool",
            "at the pool",
            "at the edge of the pool",
            "beside a swimming pool",
            "on the tiles by the pool",
        ),
        ("on the poolside", "next to the water of a swimming pool"),
    ),
    "garden": Wordings(
        (
            "in the garden",
            "in a garden with a fence",
            "in front of a garden fence",
            "on the lawn",
            "in the back yard",
        ),
        ("on a garden lawn", "in a yard with flower beds"),
    ),
    "farm yard": Wordings(
        ("on a farm", "in the farm yard", "in front of a barn", "on the farm", "outside the barn"),
        ("on a farmer's land", "near a farm house"),
    ),
    "bridge": Wordings(
        ("on a bridge", "on the bridge", "on a bridge over the water", "on a big suspension bridge"),
        ("on a bridge above a river", "high on a hanging bridge"),
    ),
    "railway": Wordings(
        (
            "on the railway",
            "on the train tracks",
            "on railway tracks",
            "on the rails",
            "in the middle of a railway line",
        ),
        ("on a railroad", "on the tracks where trains run"),
    ),
    "harbour": Wordings(
        ("in the harbour", "at the harbour", "on a pier with boats", "on the dock", "at the port with boats"),
        ("at a marina", "on the wooden dock of a port"),
    ),
    "roof top": Wordings(
        (
            "on a roof",
            "on the roof top",
            "on top of a building",
            "on a roof above the city",
            "on a flat roof",
        ),
        ("high above the city on a rooftop", "on a building's roof terrace"),
    ),
    "playground": Wordings(
        (
            "on a playground",
            "at the playground",
            "in front of the swings",
            "by the slide and the swings",
            "where children play",
        ),
        ("in a children's play park", "near the swings of a play area"),
    ),
    "stadium": Wordings(
        (
            "in a stadium",
            "on a football field",
            "on a sports field",
            "in front of a crowd in the stadium",
            "on the pitch",
        ),
        ("in a sports arena", "on the grass of a sports ground"),
    ),
    "living room": Wordings(
        (
            "in the living room",
            "in a living room",
            "in a room with a sofa",
            "in front of the sofa",
            "at home in the living room",
        ),
        ("in a lounge with a couch", "indoors beside the couch"),
    ),
    "kitchen": Wordings(
        (
            "in the kitchen",
            "in a kitchen",
            "on the kitchen floor",
            "in front of the stove",
            "on checkered kitchen tiles",
        ),
        ("where people cook", "next to the kitchen cupboards"),
    ),
    "bathroom": Wordings(
        (
            "in the bathroom",
            "in a bathroom",
            "in front of the bathtub",
            "on the bathroom tiles",
            "by the bathtub and the sink",
        ),
        ("in a room with a tub", "in a tiled washroom"),
    ),
    "classroom": Wordings(
        ("in a classroom", "in the classroom", "in front of the blackboard", "at school", "in a school room"),
        ("in a class at school", "before a blackboard with writing"),
    ),
    "library": Wordings(
        ("in a library", "in the library", "in front of book shelves", "among books", "by the book shelves"),
        ("in a room full of books", "before shelves of books"),
    ),
    "stage": Wordings(
        (
            "on a stage",
            "on the stage",
            "in front of a curtain on stage",
            "on stage in a theatre",
            "in the spotlight on a stage",
        ),
        ("in a theatre show", "up on a theatre stage"),
    ),
    "garage": Wordings(
        (
            "in a garage",
            "in the garage",
            "in front of a garage door",
            "in front of a brick wall",
            "on a concrete floor in the garage",
        ),
        ("inside a workshop with a brick wall", "by the garage door"),
    ),
}

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
