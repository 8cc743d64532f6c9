"""Copy-paste in training: of the share asked for, of known categories, and drawn by people only."""

import numpy as np
import pytest

from stnet.data.drawings.drawings import Drawings, Sketcher
from stnet.data.photos import load_photos
from stnet.training.batches.copy_paste import CopyPaste
from stnet.training.batches.examples import ExampleSource, photo_categories
from stnet.training.batches.queries import QuerySource
from stnet.training.config import RunError
from tests.training.shapes import BANK, SPLIT, run_config, tiny_model, write_photos

STROKE = [np.array([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], np.float32)]


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return load_photos(write_photos(tmp_path_factory.mktemp("photos") / "set"))


def source(photos, share):
    categories = [*SPLIT.seen, *photo_categories(photos, SPLIT)]
    return ExampleSource(BANK, SPLIT, photos, categories, 64, 16, copy_paste=share)


def pasted(example):
    return [k for k in range(len(example.names)) if example.cut_out(k) is None]


def test_scenes_get_objects_of_photos(photos):
    made = [source(photos, 1.0).scene(np.random.default_rng(k), 64, SPLIT.seen) for k in range(20)]
    with_parcel = [example for example in made if pasted(example)]
    assert len(with_parcel) > 8
    for example in with_parcel:
        (number,) = pasted(example)
        assert example.names[number] == "parcel" and example.categories[number] == len(SPLIT.seen)
        assert example.coverage[number].sum() > 0.4 and (example.coverage.sum(0) <= 1.001).all()
    none = [source(photos, 0.0).scene(np.random.default_rng(k), 64, SPLIT.seen) for k in range(20)]
    assert not any(pasted(example) for example in none)


def test_what_is_pasted_on_a_photo_hides_what_is_behind(photos):
    made = [source(photos, 1.0).photo(np.random.default_rng(k), 64, boxed=True) for k in range(30)]
    found = [example for example in made if example.crop.pasted]
    assert len(found) > 10
    for example in found:
        assert example.names[0] == "parcel"
        full = example.coverage[0] > 0.999
        assert (example.coverage[1:, full] < 0.01).all()


def test_a_share_is_a_share(photos):
    some = source(photos, 0.4)
    made = [some.photo(np.random.default_rng(k), 32, boxed=True).crop.pasted for k in range(80)]
    assert 0.15 < np.mean(made) < 0.6


def test_what_was_pasted_is_drawn_by_people(tmp_path, photos):
    drawings = Drawings({("parcel", "strokes", False): [STROKE]}, mapping={})
    config = run_config(tmp_path, batch_size=8, queries_per_image=6)
    examples = source(photos, 1.0)
    queries = QuerySource(examples, Sketcher(drawings), drawings, tiny_model()[1], config)
    batch = queries.make(np.random.default_rng(0))
    asked = batch.pictures.object_category[batch.query_image, batch.query_object]
    assert (asked == examples.ids["parcel"]).any() and batch.has_text.all()
    nobody = QuerySource(examples, Sketcher(), None, tiny_model()[1], config)
    batch = nobody.make(np.random.default_rng(0))
    asked = batch.pictures.object_category[batch.query_image, batch.query_object]
    assert not (asked == examples.ids["parcel"]).any()


def test_common_things_are_pasted_by_the_root_of_their_number(photos):
    paste = CopyPaste([photo for photo in photos if not photo.held_out], {"parcel", "cloud"}, 1.0)
    drawn = [paste.piece(np.random.default_rng(k)).category for k in range(200)]
    assert 0.3 < drawn.count("cloud") / 200 < 0.55  # one in three boxes is a cloud


def test_pasting_needs_boxes(photos):
    with pytest.raises(RunError, match=r"copy_paste is 0\.5: that needs photos with boxes"):
        source((), 0.5)
    with pytest.raises(RunError, match="trained categories"):
        CopyPaste(photos, {"wombat"}, 0.5)
