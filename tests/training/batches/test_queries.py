"""Batches of the joint stage: every query asks for what is on its picture, and never names it."""

import numpy as np
import pytest
import torch

from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.photos import load_photos
from stnet.data.words.wording import name_words
from stnet.training.batches.queries import QuerySource
from stnet.training.config import RunError
from tests.training.shapes import SPLIT, example_source, run_config, tensors, tiny_model, write_photos

STROKE = [np.array([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], np.float32)]


def make_source(folder, photos=(), drawings=None, **changes):
    _, processor = tiny_model()
    config = run_config(folder, **changes)
    return QuerySource(example_source(photos), Sketcher(drawings), drawings, processor, config)


def drawn(*names):
    return Drawings({(name, "strokes", False): [STROKE] for name in names}, mapping={})


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return load_photos(write_photos(tmp_path_factory.mktemp("photos") / "set"))


def test_a_batch_has_pictures_objects_and_queries(tmp_path):
    batch = make_source(tmp_path, batch_size=5, queries_per_image=2).make(np.random.default_rng(0))
    queries = len(batch.query_image)
    assert 5 <= queries <= 10
    assert batch.pictures.images.shape == (5, 64, 64, 3) and batch.pictures.patch_labels.shape == (5, 16)
    assert batch.ink.shape == (queries, 32, 32) and batch.ink.dtype == torch.uint8
    assert batch.input_ids.shape == batch.attention_mask.shape and len(batch.input_ids) == queries
    assert batch.has_text.tolist() == [True] * queries
    own = batch.answers[torch.arange(queries), batch.query_image]
    assert own.all() and (batch.described | ~batch.answers).all()
    assert batch.answers.shape == (queries, 5)
    asked = list(zip(batch.query_image.tolist(), batch.query_object.tolist(), strict=True))
    assert len(set(asked)) == queries and {image for image, _ in asked} == set(range(5))
    categories = batch.pictures.object_category[batch.query_image, batch.query_object]
    assert (categories >= 0).all() and (categories < len(SPLIT.seen)).all()
    assert (batch.pictures.coverage[batch.query_image, batch.query_object].sum(-1) > 0).all()
    assert (batch.ink.flatten(1).amax(1) == 255).all()


def test_one_query_an_image_if_one_is_asked_for(tmp_path):
    batch = make_source(tmp_path, queries_per_image=1).make(np.random.default_rng(0))
    assert batch.query_image.tolist() == [0, 1, 2, 3]


def test_texts_do_not_name_what_is_drawn(tmp_path):
    source = make_source(tmp_path, batch_size=12)
    batch = source.make(np.random.default_rng(3))
    categories = batch.pictures.object_category[batch.query_image, batch.query_object]
    for ids, category in zip(batch.input_ids, categories.tolist(), strict=True):
        text = source.processor.tokenizer.decode(ids, skip_special_tokens=True)
        assert text.strip()
        assert not name_words(SPLIT.seen[category]) & set(text.split())


def test_the_same_generator_makes_the_same_batch(tmp_path):
    first, again, other = (make_source(tmp_path).make(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(torch.equal(a, b) for a, b in zip(tensors(first), tensors(again), strict=True))
    assert not torch.equal(first.pictures.images, other.pictures.images)


def test_photos_are_asked_for_by_drawing_alone(tmp_path, photos):
    source = make_source(tmp_path, photos, drawn("parcel"), batch_size=4, photo_share=0.5)
    batch = source.make(np.random.default_rng(0))
    of_photos = batch.query_image < 2
    assert batch.has_text.tolist() == (~of_photos).tolist()
    assert of_photos.sum() == 2  # of two objects a photo shows, only the parcel can be drawn
    parcel = source.examples.ids["parcel"]
    assert (batch.pictures.object_category[batch.query_image, batch.query_object][of_photos] == parcel).all()


def test_photos_have_words_where_the_configuration_says(tmp_path, photos):
    parcels = drawn("parcel")
    source = make_source(tmp_path, photos, parcels, batch_size=6, photo_share=1.0, photo_texts=1.0)
    batch = source.make(np.random.default_rng(0))
    assert batch.has_text.tolist() == [True] * 6  # boxes large and in the middle: something can be said
    texts = source.processor.tokenizer.batch_decode(batch.input_ids, skip_special_tokens=True)
    assert len(set(texts)) > 3 and not any("parcel" in text for text in texts)
    some = make_source(tmp_path, photos, parcels, batch_size=30, photo_share=1.0, photo_texts=0.5)
    worded = some.make(np.random.default_rng(0)).has_text.float().mean()
    assert 0.2 < worded < 0.8


def test_photos_of_what_nobody_draws_become_scenes(tmp_path, photos):
    batch = make_source(tmp_path, photos, drawn("zebra"), photo_share=0.5).make(np.random.default_rng(0))
    assert len(batch.pictures.images) == 4 and batch.has_text.all()


def test_hard_negatives_come_in_groups_of_two_objects(tmp_path):
    source = make_source(tmp_path, batch_size=10, queries_per_image=2, hard_negatives=0.9)
    batch = source.make(np.random.default_rng(0))
    first = batch.pictures.object_category[:, 0].tolist()
    for group in (first[:4], first[4:8]):
        assert group[0] == group[1] != group[2] == group[3]
    asked = set(zip(batch.query_image.tolist(), batch.query_object.tolist(), strict=True))
    assert {(row, 0) for row in range(8)} <= asked  # what a group is about is always asked for
    assert len(batch.pictures.images) == 10


def test_groups_need_categories(tmp_path):
    source = example_source()
    source.seen = source.seen[:6]
    with pytest.raises(RunError, match=r"hard_negatives is 0\.5: groups need 7 categories or more"):
        QuerySource(source, Sketcher(), None, tiny_model()[1], run_config(tmp_path, hard_negatives=0.5))


def test_the_size_can_change(tmp_path):
    source = make_source(tmp_path)
    source.set_image_size(32)
    batch = source.make(np.random.default_rng(0))
    assert batch.pictures.images.shape[1:] == (32, 32, 3) and batch.pictures.coverage.shape[2] == 4


def test_a_share_of_photos_needs_boxes_and_drawings(tmp_path, photos):
    with pytest.raises(RunError, match="photo_share"):
        make_source(tmp_path, photos, None, photo_share=0.5)
    with pytest.raises(RunError, match="photo_share"):
        make_source(tmp_path, (), drawn("parcel"), photo_share=0.5)


def test_drawings_are_as_careless_as_the_configuration_says(tmp_path, monkeypatch):
    asked = []

    def sketch(self, cut_out, rng, *, careless, **_):
        asked.append(careless)
        return np.full((128, 128), 255, np.uint8), "traced"

    monkeypatch.setattr(Sketcher, "sketch", sketch)
    make_source(tmp_path, careless_sketches=0.4).make(np.random.default_rng(0))
    assert asked and set(asked) == {0.4}


def test_words_name_the_thing_as_often_as_the_configuration_says(tmp_path):
    source = make_source(tmp_path, batch_size=40, queries_per_image=1, named_texts=0.5)
    batch = source.make(np.random.default_rng(0))
    texts = source.processor.tokenizer.batch_decode(batch.input_ids, skip_special_tokens=True)
    names = [SPLIT.seen[category] for category in batch.category.tolist()]
    named = [name in text for name, text in zip(names, texts, strict=True)]
    assert 0.25 < np.mean(named) < 0.75
    shown = batch.pictures.object_category
    for query in np.flatnonzero(named):  # what answers it shows such a thing
        assert (shown[batch.answers[query]] == batch.category[query]).any(-1).all()
