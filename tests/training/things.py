"""What tests of the match stage need: scenes of shapes as a tiny model sees them, and drawings of them."""

import numpy as np

from stnet.data.drawings.drawings import Drawings
from stnet.data.objects import CutOut, ObjectBank
from stnet.data.pictograms.pictograms import Pictograms, beside
from stnet.training.batches.kept_pictures import keep_pictures
from stnet.training.batches.thing_sketches import ThingSketches
from tests.training.shapes import BANK, SPLIT, example_source, tiny_model

NAMES = ["parcel", "kite"]
LINE = [np.array([[0, 0], [9, 9], [9, 0]], np.float32)]


def ink(number):
    """Lines of a pictogram, another for each number."""
    drawn = np.zeros((128, 128), np.uint8)
    drawn[20:100, 30 + 10 * number] = 255
    drawn[60, 20:110] = 255
    return drawn


def pictograms():
    """A kite in two styles, with lines, and a thing that nobody drew."""
    discs = []
    for number in range(3):
        pixels = np.zeros((40, 40, 4), np.uint8)
        rows, columns = np.ogrid[:40, :40]
        pixels[(rows - 20) ** 2 + (columns - 20) ** 2 < 300] = (80 * number, 200, 40, 255)
        discs.append(pixels)
    kites = [CutOut(f"emoji/{number}", "kite", discs[number]) for number in range(2)]
    return Pictograms((*kites, CutOut("clip-art/1", "tools/gadget", discs[2])), (("kite", ink(0)),))


def things_bank():
    """The seen shapes and the pictograms."""
    return beside(BANK, SPLIT.seen, pictograms())


def drawings(names=NAMES):
    """One drawing by a person for each name."""
    return Drawings({(name, "strokes", False): [LINE] for name in names}, mapping={})


def sketches(bank: ObjectBank | None = None, names=NAMES):
    """Sketches of the bank's things, by people where they drew such a name."""
    lines = {"kite": [ink(0)]}
    return ThingSketches(bank or things_bank(), drawings(names), names, SPLIT, lines, careless=0.0)


def kept_pictures(count=6, photos=()):
    """Scenes (and photos after them) as a tiny model sees them; model, processor, pictures."""
    source = example_source(photos)
    model, processor = tiny_model(list(source.ids))
    model.eval()
    rng = np.random.default_rng(0)
    source.bank = things_bank()
    pool = [*SPLIT.seen[:3], "kite", "tools/gadget"]

    def made():
        for _ in range(count):
            yield source.scene(rng, 64, pool)
        while True:
            yield source.photo(rng, 64, boxed=True)

    total = count + (3 if photos else 0)
    return model, processor, keep_pictures(model, processor, made(), total, rng)
