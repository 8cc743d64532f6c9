"""The expressions of docs/scaling.md for Vespa, evaluated here, are the score of the reference."""

import ast
import operator
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from stnet.model.scoring_reference import reference_scores

PAGE = (Path(__file__).resolve().parents[1] / "docs/scaling.md").read_text(encoding="utf-8")
SCHEMA = re.search(r"^```\n(schema .*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL).group(1)
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
DIMENSION = 128


class Tensor(NamedTuple):
    """Cells float64 (one axis for each dimension) and the dimensions' names."""

    cells: np.ndarray
    names: tuple[str, ...] = ()

    def spread(self, names: tuple[str, ...]) -> np.ndarray:
        """The cells on axes for `names`, of length one where they don't vary."""
        order = [self.names.index(name) for name in names if name in self.names]
        shape = [self.cells.shape[self.names.index(name)] if name in self.names else 1 for name in names]
        return self.cells.transpose(order).reshape(shape)


def join(one: Tensor, other: Tensor, function: Any) -> Tensor:
    """Vespa's join: cells that agree in their common dimensions meet."""
    names = (*one.names, *(name for name in other.names if name not in one.names))
    return Tensor(function(one.spread(names), other.spread(names)), names)


def reduce(tensor: Tensor, by: Any, *names: str) -> Tensor:
    """Vespa's reduce by sum or max: over the named dimensions, or all of them."""
    over = names or tensor.names
    axes = tuple(tensor.names.index(name) for name in over)
    return Tensor(by(tensor.cells, axis=axes), tuple(name for name in tensor.names if name not in over))


def cosine_similarity(one: Tensor, other: Tensor, name: str) -> Tensor:
    """Vespa's: the product over the dimension, by the lengths."""
    dot, *squares = (
        reduce(join(first, second, np.multiply), np.sum, name)
        for first, second in ((one, other), (one, one), (other, other))
    )
    return join(dot, Tensor(np.sqrt(join(*squares, np.multiply).cells)), np.divide)


def functions() -> dict[str, str]:
    """The rank profile's functions, and its two phases, by name."""
    found = re.findall(r"function (\w+)\(\) \{\s+expression: (.*)\n", SCHEMA)
    return dict(found) | {
        phase: re.search(rf"{phase}-phase \{{[^}}]*expression: (.*)\n", SCHEMA).group(1)
        for phase in ("first", "second")
    }


def evaluate(expression: str, given: dict[str, Tensor]) -> Tensor:
    """What an expression of the schema comes to; `given` has attributes and query tensors by name."""
    known = functions()
    text = re.sub(r"\b(?:attribute|query)\((\w+)\)", r"\1", expression)

    def value(node: ast.expr) -> Any:
        if isinstance(node, ast.BinOp):
            return join(value(node.left), value(node.right), OPERATORS[type(node.op)])
        if isinstance(node, ast.Name):
            return given[node.id] if node.id in given else evaluate(known[node.id], given)
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name), ast.unparse(node)
        first, *rest = node.args
        if node.func.id == "reduce":
            return reduce(
                value(first), {"sum": np.sum, "max": np.max}[rest[0].id], *(name.id for name in rest[1:])
            )
        if node.func.id == "cosine_similarity":
            return cosine_similarity(value(first), value(rest[0]), rest[1].id)
        assert node.func.id == "exp" and not rest
        return Tensor(np.exp(value(first).cells), value(first).names)

    return value(ast.parse(text, mode="eval").body)


@pytest.fixture
def picture() -> dict[str, Any]:
    """One picture's features as a gallery stores them; one centroid stands for no patch."""
    rng = np.random.default_rng(0)
    return {
        "patches": rng.integers(-127, 128, (20, DIMENSION)).astype(np.int8),
        "patch_scales": rng.random(20, dtype=np.float32) / 100,
        "centroids": rng.integers(-127, 128, (8, DIMENSION)).astype(np.int8),
        "centroid_scales": rng.random(8, dtype=np.float32) / 100,
        "centroid_sizes": np.array([3, 1, 0, 5, 4, 2, 1, 4], np.float32),
    }


@pytest.mark.parametrize("temperature", [1.0, 0.05])
@pytest.mark.parametrize("phase", ["first", "second"])
def test_a_phase_is_the_score(picture, phase, temperature):
    rng = np.random.default_rng(1)
    sketch, wanted = rng.normal(size=(2, DIMENSION))
    given = {name: Tensor(np.asarray(cells, np.float64), axes(name)) for name, cells in picture.items()}
    given |= {"sketch": Tensor(sketch / temperature, ("d",)), "wanted": Tensor(wanted, ("d",))}
    found = evaluate(functions()[phase], given)
    name = "centroid" if phase == "first" else "patch"
    levels = given[f"{name}s" if phase == "first" else "patches"].cells
    features = levels * given[f"{name}_scales"].cells[:, None]
    sizes = picture["centroid_sizes"][None] if phase == "first" else None
    (expected,) = reference_scores(sketch, wanted, features[None], temperature, sizes)
    assert found.names == ()
    assert float(found.cells) == pytest.approx(expected, abs=1e-12)
    assert abs(expected) > 1e-3


def axes(field: str) -> tuple[str, ...]:
    """The dimensions that the schema gives to a field."""
    said = re.search(rf"field {field} type tensor<\w+>\(([^)]*)\)", SCHEMA).group(1)
    return tuple(re.sub(r"[{\[].*", "", part.strip()) for part in said.split(","))


def test_the_schema_gives_every_field_its_dimensions():
    assert (axes("patches"), axes("centroid_sizes")) == (("p", "d"), ("k",))
    inputs = re.findall(r"query\((\w+)\) tensor<float>\(d\[(\d+)\]\)", SCHEMA)
    assert inputs == [("sketch", "128"), ("wanted", "128")]
