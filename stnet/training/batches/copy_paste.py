"""Copy-paste while training: now and then a boxed object of a photo in front of a scene or another photo."""

from collections.abc import Collection, Sequence

import numpy as np

from stnet.data.photos import Crop, Photo
from stnet.data.scenes.composing import Scene
from stnet.data.scenes.pasting import Piece, cut_piece, paste_on_crop, paste_on_scene
from stnet.training.config import RunError

LEAST_AREA, MOST_AREA = 0.03, 0.8  # of its photo: smaller boxes show too little, larger ones all the rest


class CopyPaste:
    """Pastes onto the share (0..1) of the pictures it is given.

    Raises:
        RunError: if something is to be pasted, but no photo has a box of one of the categories.
    """

    def __init__(self, photos: Sequence[Photo], categories: Collection[str], share: float) -> None:
        self.share = share
        self._pieces: dict[str, list[tuple[Photo, int]]] = {}
        for photo in photos if share else ():
            for number, entry in enumerate(photo.objects):
                if entry.category in categories and LEAST_AREA < entry.area < MOST_AREA:
                    self._pieces.setdefault(entry.category, []).append((photo, number))
        if share and not self._pieces:
            raise RunError(f"copy_paste is {share}: that needs photos with boxes of the trained categories")
        # By the root of their numbers: the commonest things must not be nearly all that is pasted.
        weights = np.sqrt([len(found) for found in self._pieces.values()])
        self._chances = weights / weights.sum() if share else weights

    def onto_scene(self, scene: Scene, rng: np.random.Generator) -> Scene:
        """The scene, or (of the share) the scene with something in front where it hides little."""
        if not self.share or rng.random() >= self.share:
            return scene
        return paste_on_scene(scene, self.piece(rng), rng) or scene

    def onto_crop(self, crop: Crop, rng: np.random.Generator) -> Crop:
        """The same for a photo's crop."""
        if not self.share or rng.random() >= self.share:
            return crop
        return paste_on_crop(crop, self.piece(rng), rng) or crop

    def piece(self, rng: np.random.Generator) -> Piece:
        """A boxed object, cut out of its photo; its category drawn by the root of how many there are."""
        found = self._pieces[tuple(self._pieces)[int(rng.choice(len(self._pieces), p=self._chances))]]
        photo, number = found[int(rng.integers(len(found)))]
        return cut_piece(photo, number, rng)
