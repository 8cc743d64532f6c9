"""Does the attention find what was drawn? The pointing game and the box, beside what chance would reach."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from stnet.evaluation.encoding import EncodedSuite
from stnet.evaluation.metrics import covered_area, intersection_over_union, points_inside
from stnet.model.modeling import STNetModel
from stnet.model.scoring import attend

CHUNK = 256


@torch.inference_mode()
def point_and_box(
    model: STNetModel, sketches: Tensor, patches: Tensor, targets: Tensor
) -> tuple[np.ndarray, np.ndarray]:
    """Each query on its own picture: the strongest patch's centre (Q, 2) and the box (Q, 4), in 0..1.

    sketches (Q, D), patches (N, P, D), targets (Q,) rows of patches.
    """
    rows, columns = model.config.grid
    points, boxes = [], []
    for start in range(0, len(sketches), CHUNK):
        own = patches[targets[start : start + CHUNK]]
        attention = torch.stack(
            [
                attend(sketch[None], picture[None], model.temperature)[0, 0]
                for sketch, picture in zip(sketches[start : start + CHUNK], own, strict=True)
            ]
        )
        best = attention.argmax(-1)
        points.append(torch.stack([(best % columns + 0.5) / columns, (best // columns + 0.5) / rows], dim=-1))
        boxes.append(model.predict_box(own, attention))
    return torch.cat(points).double().cpu().numpy(), torch.cat(boxes).double().cpu().numpy()


def localization(model: STNetModel, encoded: EncodedSuite) -> dict[str, float] | None:
    """Figures in per cent (IoU: 0..1) over the queries whose boxes are known; None if there are none.

    pointing game: the strongest patch's centre is in a box of the target. Chance is a random point (the
    boxes' area) or the centre of any of the picture's objects at random; "same category": in a box of any
    object like the drawn one. mean IoU: of the predicted box with the best of the target's boxes; chance is
    the whole picture, or the box of any object at random.
    """
    numbers = [number for number, query in enumerate(encoded.queries) if query.boxes]
    if not numbers:
        return None
    targets = torch.from_numpy(encoded.targets[numbers])
    points, predicted = point_and_box(model, encoded.sketches[numbers], encoded.patches, targets)
    table = np.array(
        [
            _figures(encoded, number, point, box)
            for number, point, box in zip(numbers, points, predicted, strict=True)
        ]
    ).mean(0)
    return {"queries": len(numbers)} | {
        name: float(value * scale) for (name, scale), value in zip(_NAMES, table, strict=True)
    }


_NAMES = (
    ("pointing game", 100.0),
    ("pointing game, same category", 100.0),
    ("pointing game, chance by area", 100.0),
    ("pointing game, chance by object", 100.0),
    ("mean IoU", 1.0),
    ("mean IoU, whole picture", 1.0),
    ("mean IoU, chance by object", 1.0),
)


def _figures(encoded: EncodedSuite, number: int, point: np.ndarray, box: np.ndarray) -> Sequence[float]:
    """One query, in the order of _NAMES."""
    query = encoded.queries[number]
    objects = encoded.objects[query.image]
    own = np.array(query.boxes)
    like = np.array([thing.box for thing in objects if thing.category == query.category] or query.boxes)
    others = np.array([thing.box for thing in objects] or query.boxes)
    centres = (others[:, :2] + others[:, 2:]) / 2
    return (
        _hits(point, own),
        _hits(point, like),
        covered_area(own),
        float(np.mean([_hits(centre, own) for centre in centres])),
        _best_overlap(box, own),
        _best_overlap(np.array([0.0, 0.0, 1.0, 1.0]), own),
        float(np.mean([_best_overlap(other, own) for other in others])),
    )


def _hits(point: np.ndarray, boxes: np.ndarray) -> float:
    return float(points_inside(np.broadcast_to(point, (len(boxes), 2)), boxes).any())


def _best_overlap(box: np.ndarray, boxes: np.ndarray) -> float:
    return float(intersection_over_union(np.broadcast_to(box, boxes.shape), boxes).max())
