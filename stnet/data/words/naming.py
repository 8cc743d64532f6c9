"""The words by which people name what photo collections box: what a text about such a thing must not say."""

import re
from functools import cache

from stnet.data.words.photo_names import drawn_as
from stnet.data.words.wording import name_words

# Other names that people use, and kinds; most in singular.
_ALSO_CALLED = {
    "airplane": "plane airplane aeroplane jet jetliner airliner aircraft biplane",
    "apple": "fruit",
    "backpack": "rucksack bag knapsack",
    "banana": "fruit",
    "baseball glove": "mitt",
    "bear": "grizzly cub panda",
    "bed": "bunk crib",
    "bicycle": "bike cycle tandem",
    "bird": "parrot duck goose geese seagull gull pigeon parakeet eagle owl swan heron chicken "
    "rooster hen sparrow crow penguin flamingo ostrich pelican hawk peacock",
    "boat": "ship canoe kayak sailboat yacht ferry raft gondola vessel dinghy",
    "book": "novel magazine textbook",
    "bookcase": "bookshelf shelf shelves",
    "bottle": "flask jar",
    "bus": "coach trolley buses minibus",
    "cabinetry": "cabinet cupboard",
    "cake": "cupcake dessert pastry gateau",
    "car": "vehicle automobile taxi cab sedan suv van convertible jeep limousine minivan wagon "
    "ferrari racecar truck",
    "cat": "kitten kitty feline tabby siamese calico",
    "cell phone": "phone smartphone cellphone iphone telephone",
    "chair": "seat armchair recliner stool rocker wheelchair",
    "clock": "timepiece",
    "coffee table": "table",
    "couch": "sofa settee loveseat futon",
    "cow": "cattle bull calf calves ox oxen steer heifer longhorn",
    "cup": "mug glass",
    "dining table": "table desk",
    "dog": "puppy pup canine hound retriever terrier poodle labrador collie beagle bulldog "
    "dalmatian dachshund pug chihuahua husky greyhound spaniel pooch doggy schnauzer whippet "
    "rottweiler",
    "donut": "doughnut pastry bagel",
    "elephant": "calf calves",
    "fire hydrant": "fireplug",
    "fork": "utensil silverware cutlery",
    "frisbee": "disc disk",
    "giraffe": "calf",
    "hair drier": "dryer hairdryer blowdryer",
    "handbag": "purse bag tote",
    "horse": "pony foal mare stallion colt bronco mule donkey carriage",
    "kangaroo": "wallaby joey",
    "knife": "knives blade utensil silverware cutlery",
    "laptop": "computer notebook macbook pc",
    "microwave": "oven",
    "motorcycle": "motorbike bike scooter moped vespa harley dirtbike cycle",
    "mouse": "mice",
    "orange": "fruit tangerine mandarin",
    "oven": "stove range cooker",
    "person": "people man men woman women boy girl child children kid lady ladies guy baby toddler "
    "player adult rider worker officer bride groom mother father son daughter chef teenager "
    "someone somebody individual human passenger pedestrian",
    "picture frame": "painting photograph photo",
    "pillow": "cushion",
    "pizza": "pie",
    "potted plant": "plant flower flowerpot houseplant fern shrub",
    "refrigerator": "fridge freezer",
    "remote": "controller control wiimote",
    "sandwich": "burger hamburger bun",
    "sheep": "lamb ram ewe goat",
    "sink": "basin washbasin faucet",
    "skateboard": "board",
    "skis": "ski",
    "snowboard": "board",
    "spoon": "utensil silverware cutlery ladle",
    "sports ball": "ball",
    "stop sign": "sign octagon",
    "suitcase": "luggage bag baggage trunk",
    "surfboard": "board",
    "teddy bear": "teddy plush toy",
    "tennis racket": "racket racquet",
    "tie": "necktie bowtie",
    "toilet": "commode urinal toilette",
    "toothbrush": "brush",
    "traffic light": "light signal stoplight lights",
    "train": "locomotive engine tram subway railcar trolley trolly",
    "truck": "lorry pickup van trailer firetruck semi vehicle",
    "tv": "television monitor screen display telly computer",
    "umbrella": "parasol",
    "vase": "jar urn pot",
    "wine glass": "glass goblet wineglass glasses",
}
# What gives it away without being a name for it.
_GIVEN_AWAY_BY = {
    "airplane": "propeller",
    "backpack": "pack",
    "baseball bat": "batter",
    "bed": "mattress",
    "bench": "seat",
    "bicycle": "cyclist biker biking cycling",
    "boat": "rowing sailing",
    "bottle": "beer",
    "bowl": "dish",
    "bus": "double-decker decker",
    "car": "traffic",
    "cell phone": "mobile",
    "clock": "time watch",
    "cup": "coffee tea",
    "dog": "lab dane shepherd",
    "horse": "equestrian horseback jockey",
    "keyboard": "keys",
    "motorcycle": "biker motorcyclist motor",
    "person": "batter pitcher catcher umpire surfer skier snowboarder skateboarder cyclist biker "
    "friend family team couple crowd",
    "potted plant": "pot",
    "remote": "wii",
    "sandwich": "sub",
    "skateboard": "skateboarder skateboarding skate",
    "skis": "skier skiing",
    "snowboard": "snowboarder snowboarding",
    "sports ball": "baseball football basketball soccer tennis volleyball",
    "surfboard": "surfer surfing surf",
    "teddy bear": "stuffed",
    "tennis racket": "tennis",
    "tie": "suit",
    "toothbrush": "brushing teeth",
    "traffic light": "traffic",
    "train": "railway railroad rail metro",
    "wine glass": "wine",
}


@cache
def nouns(category: str) -> frozenset[str]:
    """The words that can stand for `category` in a sentence: its last word, and its other names."""
    drawn = drawn_as(category)
    names = [category] if drawn is None else [category, drawn]
    last = {word for name in names for word in name_words(name.split()[-1])}
    return frozenset(last | set(_ALSO_CALLED.get(category, "").split()))


@cache
def naming_words(category: str) -> frozenset[str]:
    """All words that name `category` or give it away; see wording.avoids."""
    drawn = drawn_as(category)
    named = name_words(category) | (name_words(drawn) if drawn else frozenset())
    return frozenset(named | nouns(category) | set(_GIVEN_AWAY_BY.get(category, "").split()))


@cache
def _naming_pattern(category: str) -> re.Pattern[str]:
    """Words that hide a name: "bulldog", "motorcyclist". Short names only count as an ending."""
    names = sorted(naming_words(category))
    inside = [re.escape(name) for name in names if len(name) >= 5]
    ends = [rf"{re.escape(name)}(?:s|es)?\b" for name in names if len(name) >= 3]
    return re.compile("|".join([*inside, *ends]))


def names_it(text: str, category: str) -> bool:
    """Whether `text` says a word that names `category`, alone or within a longer one."""
    return _naming_pattern(category).search(text.lower().replace("vegetable", "")) is not None
