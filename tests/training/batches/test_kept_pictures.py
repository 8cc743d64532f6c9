"""Kept pictures are what the model sees, with words about each object, and come back from their files."""

import numpy as np
import torch

from stnet.data.photos import load_photos
from stnet.training.batches.examples import MOST_OBJECTS
from stnet.training.batches.kept_pictures import KeptPictures, keep_pictures
from tests.training.shapes import SPLIT, example_source, tiny_model, write_photos
from tests.training.things import kept_pictures


def test_pictures_are_kept_as_the_model_sees_them():
    source = example_source()
    model, processor = tiny_model(list(source.ids))
    model.eval()
    rng = np.random.default_rng(1)
    examples = [source.scene(rng, 64, SPLIT.seen) for _ in range(3)]
    kept = keep_pictures(model, processor, iter(examples), 3, rng)
    with torch.no_grad():
        pixels = torch.from_numpy(np.stack([example.pixels for example in examples]))
        patches = model.encode_image(processor.image_batch(pixels)).numpy()
    assert kept.patches.dtype == np.float16 and np.allclose(kept.patches, patches, atol=0.01)
    assert len(kept) == 3 and kept.coverage.shape == (3, MOST_OBJECTS, 16)
    for row, example in enumerate(examples):
        count = len(example.names)
        assert [thing.name for thing in kept.objects[row]] == list(example.names)
        assert [thing.cut_out for thing in kept.objects[row]] == [
            thing.cut_out.name for thing in example.scene.objects
        ]
        assert np.allclose(kept.coverage[row, :count], example.coverage, atol=0.001)
        assert kept.words[row, :count].any(-1).all() and not kept.words[row, count:].any()


def test_things_of_photos_have_no_cut_out_and_no_words(tmp_path):
    photos = load_photos(write_photos(tmp_path / "photos", count=6))
    _, _, kept = kept_pictures(2, photos)
    assert {thing.cut_out for objects in kept.objects[2:] for thing in objects} == {None}
    assert {thing.name for objects in kept.objects[2:] for thing in objects} <= {"parcel", "cloud"}
    assert not kept.words[2:].any() and kept.words[:2].any()


def test_files_are_read_for_the_key_that_they_were_written_with(tmp_path):
    _, _, kept = kept_pictures(3)
    assert KeptPictures.load(tmp_path, "one run") is None
    kept.save(tmp_path, "one run")
    assert KeptPictures.load(tmp_path, "another run") is None
    loaded = KeptPictures.load(tmp_path, "one run")
    assert loaded is not None and loaded.objects == kept.objects
    for name in ("patches", "coverage", "words"):
        assert np.array_equal(getattr(loaded, name), getattr(kept, name))
