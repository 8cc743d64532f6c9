"""The English for every place."""

from stnet.data.words.phrases import Wordings

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
