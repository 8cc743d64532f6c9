"""CSTBIR's batches: which sketch, photo and words go together, and what is known of places."""

import numpy as np
import pytest
import torch

from stnet.data.cstbir import CstbirPhoto, CstbirQuery, load_cstbir
from stnet.training.batches.cstbir import NOWHERE, CstbirQueries, CstbirSketches, known_objects
from stnet.training.batches.examples import MOST_OBJECTS
from stnet.training.config import RunError
from tests.cstbir_folder import DRAWINGS, SIZE, make_cstbir
from tests.training.shapes import tiny_model

CATEGORIES = sorted(DRAWINGS)  # box, hot air balloon


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return load_cstbir(make_cstbir(tmp_path_factory.mktemp("data") / "cstbir"), "train")


@pytest.fixture(scope="module")
def parts():
    model, processor = tiny_model(CATEGORIES)
    return processor, model.config


def rng():
    return np.random.default_rng(0)


def test_every_sketch_is_there_once_with_its_class(photos, parts):
    source = CstbirSketches(photos, *parts, batch_size=64)
    assert len(source) == 4  # two drawings of each category, each asked for twice
    batch = source.make(rng())
    assert batch.ink.shape == (64, 32, 32) and batch.ink.dtype == torch.uint8
    pictures = {category: batch.ink[batch.category == category] for category in (0, 1)}
    assert all(len(found) > 15 and (found == found[0]).all() for found in pictures.values())
    assert not torch.equal(pictures[0][0], pictures[1][0])
    middle = [found[0, 12:20, 12:20].float().mean() for found in pictures.values()]
    assert middle[0] < 30 < middle[1]  # only the balloon has a line down its middle


def test_a_batch_holds_photos_with_their_own_queries(photos, parts):
    source = CstbirQueries(photos, *parts, batch_size=8, queries_per_image=2)
    batch = source.make(rng())
    assert len(source) == 8
    assert batch.pictures.images.shape == (8, 64, 64, 3) and batch.pictures.patch_labels.shape == (8, 16)
    assert batch.query_image.tolist() == list(range(8)) and batch.has_text.all()
    texts = [parts[0].tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in batch.input_ids]
    named = {"red": (254, 0, 0), "green": (0, 128, 1), "blue": (0, 0, 254), "yellow": (255, 255, 0)}
    for row, text in enumerate(texts):
        corner = batch.pictures.images[row, 2, 2].float()
        assert text.startswith("in front of ")
        assert (corner - torch.tensor(named[text.rsplit(" ", 1)[1]])).abs().max() < 12
    white = (batch.pictures.images[:, 14:50].min(-1).values > 200).float().mean((1, 2))
    category = batch.pictures.object_category[:, 0]
    assert white[category == 0].min() > white[category == 1].max()


def test_boxes_are_where_the_object_is_and_unknown_ones_are_marked(photos, parts):
    pictures = CstbirQueries(photos, *parts, batch_size=8, queries_per_image=1).make(rng()).pictures
    placed = pictures.placed[:, 0]
    assert placed.sum() == 6 and (pictures.object_category[:, 0] >= 0).all()
    assert (pictures.object_category[:, 1:] == -1).all() and not pictures.placed[:, 1:].any()
    assert (pictures.object_box[~placed] == 0).all() and (pictures.coverage[~placed] == 0).all()
    assert (pictures.patch_labels[~placed] == -1).all()
    for row in placed.nonzero()[:, 0].tolist():
        x0, y0, x1, y1 = (pictures.object_box[row, 0] * 64).round().int().tolist()
        inside = pictures.images[row, y0 + 6 : y1 - 6, x0 + 10 : x1 - 10].float()
        assert inside.mean() > 230  # white
        assert pictures.coverage[row, 0].sum() / 16 == pytest.approx(30 * 30 / (SIZE[0] * SIZE[1]), abs=1e-3)
        labels = set(pictures.patch_labels[row].tolist())
        assert labels <= {
            -1,
            int(pictures.object_category[row, 0]),
        }  # what lies around the box is not known
    assert (pictures.patch_labels >= 0).any()


def test_what_is_asked_for_comes_first_and_an_unknown_place_is_not_cut_off(tmp_path):
    asked, other = (CstbirQuery("", category, tmp_path) for category in ("camel", "tent"))
    many = tuple((10.0 * number, 0.0, 5.0 + number, 10.0) for number in range(9))
    photo = CstbirPhoto(tmp_path, (other, asked), {"dog": many, "camel": ((90, 90, 30, 30), (0, 0, 20, 10))})
    known = known_objects(photo, [asked], 100, 100)
    assert len(known) == MOST_OBJECTS
    assert known[0] == ("camel", (0.0, 0.0, 0.2, 0.1))  # the other one is larger, but hardly on the photo
    assert known[1] == ("tent", NOWHERE)
    assert known[2:4] == [("dog", (0.8, 0.0, 0.93, 0.1)), ("dog", (0.7, 0.0, 0.82, 0.1))]
    assert known_objects(photo, [other], 100, 100)[0] == ("tent", NOWHERE)


def test_what_does_not_fit_is_refused(photos, parts, tmp_path):
    processor, config = parts
    with pytest.raises(RunError, match="batch_size is 9, but CSTBIR's folder has 8 photos"):
        CstbirQueries(photos, processor, config, 9, 1)
    with pytest.raises(RunError, match="queries_per_image is 7; with cstbir at most 6"):
        CstbirQueries(photos, processor, config, 8, 7)
    with pytest.raises(RunError, match=r"no class for 1 categories of CSTBIR such as \['hot air balloon'\]"):
        CstbirSketches(photos, processor, tiny_model(["box"])[0].config, 4)
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(b"no picture")
    broken = CstbirPhoto(damaged, photos[0].queries, {})
    with pytest.raises(RunError, match=r"damaged\.jpg: it is not a JPEG"):
        CstbirQueries([broken], processor, config, 1, 1).make(rng())
    asked = CstbirPhoto(photos[0].path, (CstbirQuery("", "box", damaged),), {})
    with pytest.raises(RunError, match=r"damaged\.jpg: it is not a JPEG"):
        CstbirQueries([asked], processor, config, 1, 1).make(rng())
