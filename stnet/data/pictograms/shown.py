"""What a pictogram shows, by the name that people draw it under: emoji and clip art call things otherwise.

Pictograms of one name are of one category, which people's drawings of that name are drawings of, too.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from stnet.data.categories import load_split

# what emoji are called; a name is there for every look of a thing, not for its parts or for groups of things
_EMOJI = {
    "airplane": "airplane arrival, airplane departure, small airplane",
    "apple": "green apple, red apple",
    "bandage": "adhesive bandage",
    "beach": "beach with umbrella",
    "bear": "polar bear",
    "bee": "honeybee",
    "bell": "bell with slash",
    "bird": "black bird, dove, pigeon",
    "blueberry": "blueberries",
    "book": "blue book, books, closed book, green book, ledger, notebook, notebook with decorative cover, "
    "open book, orange book",
    "bread": "baguette bread, boule bread",
    "bridge": "bridge at night",
    "bus": "oncoming bus, trolleybus",
    "cake": "shortcake",
    "calendar": "spiral calendar, tear-off calendar",
    "camel": "two-hump camel",
    "camera": "camera with flash",
    "car": "automobile, autonomous car, oncoming automobile, oncoming taxi, racing car, "
    "sport utility vehicle, taxi",
    "castle": "japanese castle",
    "cat": "black cat",
    "cell phone": "mobile phone, mobile phone with arrow",
    "chair": "seat",
    "computer": "desktop computer",
    "couch": "couch and lamp",
    "cow": "ox, water buffalo",
    "cruise ship": "ferry, passenger ship, ship",
    "diamond": "gem stone",
    "dog": "guide dog, poodle, service dog",
    "donut": "doughnut",
    "drums": "drum, long drum",
    "envelope": "e-mail, envelope with arrow, incoming envelope",
    "eyeglasses": "glasses, sunglasses",
    "fire truck": "fire engine",
    "fish": "blowfish, goldfish, tropical fish",
    "flip flops": "thong sandal",
    "flower": "blossom, hibiscus, hyacinth, lotus, poppy, rose, sunflower, "
    "tulip, white flower, wilted flower",
    "frying pan": "cooking",
    "hat": "top hat, woman’s hat",
    "headphones": "headphone",
    "helmet": "military helmet, motorbike helmet, rescue worker’s helmet",
    "hockey stick": "field hockey, ice hockey",
    "house": "derelict house, house with garden, houses, hut",
    "hurricane": "cyclone",
    "ice cream": "soft ice cream",
    "jacket": "coat, lab coat",
    "key": "old key",
    "knife": "dagger, kitchen knife",
    "leaf": "fallen leaf, leaf fluttering in wind, maple leaf",
    "lighthouse": "lighthouse of alexandria",
    "lightning": "cloud with lightning, high voltage",
    "mailbox": "closed mailbox with lowered flag, closed mailbox with raised flag, "
    "open mailbox with lowered flag, open mailbox with raised flag, postbox",
    "microphone": "studio microphone",
    "moon": "crescent moon, first quarter moon, last quarter moon, "
    "waning crescent moon, waxing crescent moon",
    "mountain": "mount fuji, snow-capped mountain",
    "mouse": "rat",
    "mug": "hot beverage",
    "mushroom": "brown mushroom, champignon brown, champignon white",
    "paper clip": "linked paperclips, paperclip",
    "peanut": "peanuts",
    "peas": "pea pod",
    "piano": "musical keyboard",
    "picture frame": "framed picture, picture",
    "pig": "boar",
    "police car": "oncoming police car",
    "power outlet": "outlet",
    "present": "wrapped gift",
    "purse": "clutch bag, handbag",
    "rain": "cloud with rain",
    "rollerskates": "roller skate",
    "sea turtle": "turtle",
    "sheep": "ewe, ram",
    "shirt": "running shirt",
    "shoe": "flat shoe, high-heeled shoe, hiking boot, man’s shoe, running shoe, woman’s boot",
    "skyscraper": "office building",
    "snowman": "snowman without snow",
    "sock": "socks",
    "speedboat": "motor boat",
    "squirrel": "chipmunk",
    "stairs": "stairway",
    "star": "glowing star",
    "steak": "cut of meat",
    "suitcase": "briefcase",
    "sun": "sun with",
    "sword": "crossed swords",
    "telephone": "telephone receiver",
    "tent": "camping",
    "traffic light": "horizontal traffic light, vertical traffic light",
    "train": "bullet train, high-speed train, locomotive, metro, railway car",
    "tree": "deciduous tree, evergreen tree, leafless tree",
    "trousers": "jeans",
    "truck": "articulated lorry, delivery truck",
    "umbrella": "closed umbrella, umbrella on ground, umbrella with rain drops",
    "underwear": "briefs",
    "van": "minibus",
    "whale": "beluga, spouting whale",
    "wine bottle": "bottle with popping cork, glass bottle",
    "wristwatch": "smartwatch",
}

# words of files' names, in English, Italian and French; two words count before one
_CLIP_ART = {
    "airplane": "aircraft, plane",
    "ambulance": "ambulanza",
    "ant": "formichina, formicona",
    "anvil": "blacksmith anvil",
    "armchair": "poltrona",
    "backpack": "zaino",
    "baseball": "basebalm",
    "basket": "cesto",
    "bear": "orso",
    "bee": "abeille, ape",
    "bicycle": "bicicletta",
    "bird": "acquila, aquila, colombo, dove, gabbiano, gull, pennuto, seagull, uccello",
    "book": "bible, books, libro",
    "butterfly": "farfalla, farfalle",
    "cake": "torta",
    "calculator": "calcolatrice",
    "camel": "cammello",
    "camera": "macchina fotografica",
    "campfire": "fuoco",
    "candle": "candela",
    "car": "autos, blazer, chevrolet, hummer, redcar, skoda",
    "cat": "gattina, gatto, kitten",
    "cell phone": "mobile phone",
    "chair": "sedia",
    "compass": "bussola",
    "cow": "mucca, mucche, vacca",
    "dog": "beagle, bobi, lab",
    "duck": "anatra, papera",
    "elephant": "elefante, elefantone, olifant",
    "envelope": "lettera",
    "eyeglasses": "sunglasses",
    "fish": "angelfish, giraffe cichlid, gourami, greyling, loach, pescetto",
    "flower": "daff, flowers, geranium, mazzo, rosa, rose, sakura, tulips",
    "frog": "rana",
    "frying pan": "pan",
    "guitar": "bass guitar, electric guitar",
    "hamburger": "burger",
    "hammer": "blacksmith hammer, martellare",
    "hourglass": "clessidra",
    "house": "casa, chalet, houses, pinkhome, villa",
    "ice cream": "cone, gelato",
    "ladder": "scala",
    "lantern": "hurricane lamp",
    "leaf": "foglie",
    "lion": "leone",
    "monkey": "baboon, orangutan",
    "mosquito": "moschito, zanzara",
    "mouse": "topo",
    "mouth": "lips",
    "mug": "coffe, coffee, tazza, teacup",
    "owl": "civetta, gufo",
    "paintbrush": "paint brush, pennello",
    "paper clip": "clips",
    "pear": "pera",
    "penguin": "pinguino, tux",
    "present": "pacco regalo",
    "purse": "borsa, borsetta",
    "rabbit": "coniglio",
    "rake": "leafrake",
    "rifle": "ak",
    "saw": "bowsaw, sega",
    "scissors": "forbici",
    "sheep": "pecora, pecorella",
    "shirt": "camicia",
    "shoe": "hiking boot",
    "snail": "lumaca",
    "soccer ball": "soccer ballon",
    "sock": "calzettoni",
    "spade": "roundpointshovel",
    "spider": "ragnetto, ragno",
    "squirrel": "chipmunk",
    "stereo": "boombox",
    "suitcase": "valigie",
    "swan": "cigni, cigno",
    "syringe": "siringa",
    "table": "tavolo",
    "teapot": "teiera",
    "teddy bear": "teddybear",
    "telephone": "telefono",
    "tent": "tenda",
    "tiger": "tigre, tigri",
    "tomato": "pomodori",
    "tractor": "trattore",
    "tree": "albero, sapin",
    "wine bottle": "bottiglia",
}
# and what they call as people do
_AS_DRAWN = frozenset(
    {
        *("angel", "baseball bat", "brain", "broom", "cactus", "cello", "church", "cookie", "dragon", "ear"),
        *("harp", "hot dog", "lollipop", "mermaid", "pencil", "raccoon", "rainbow", "saxophone", "scorpion"),
        *("television", "trombone", "watermelon", "wine glass", "yoga"),
    }
)
# where the same words are something else
_SOMETHING_ELSE = frozenset(
    {
        *("apple juice", "apple wedge", "baseball cap", "baseball glove", "beach trip", "candied apples"),
        *("car ride", "cat and", "corn dog", "foot print", "grass hopper", "mouse scroll", "onion rings"),
        *(
            "piano theory",
            "pie apple",
            "potato chips",
            "scodella gatto",
            "set gatti",
            "shoe print",
            "vestito rosa",
        ),
    }
)


def emoji_shows(annotation: str) -> str:
    """The category of an emoji: "fox face" is a fox, an automobile what people draw as a car."""
    name = annotation.lower().replace(" face", "")
    return _emoji_names().get(name, name)


def clip_art_shows(stem: str) -> str:
    """The category of clip art in a file of this name; of what nobody draws, the name without its numbers."""
    words = re.findall("[a-z]+", stem.lower())
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    if _SOMETHING_ELSE.isdisjoint(pairs):
        known = _clip_art_names()
        for called in (*pairs, *words):
            if called in known:
                return known[called]
    return stem.rstrip("0123456789_-") or stem


@cache
def _clip_art_names() -> dict[str, str]:
    """Category by what a file may call it."""
    as_drawn = {*load_split().seen, *_EMOJI, *_CLIP_ART, *_AS_DRAWN}
    return {name: name for name in as_drawn} | _by_alias(_CLIP_ART)


@cache
def _emoji_names() -> dict[str, str]:
    return _by_alias(_EMOJI)


def _by_alias(table: Mapping[str, str]) -> dict[str, str]:
    return {alias: name for name, aliases in table.items() for alias in aliases.split(", ")}
