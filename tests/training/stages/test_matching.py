"""The match stage from its configuration: pictures encoded once, with pictograms or without."""

import pytest

from stnet.data.drawings.drawings import Drawings
from stnet.data.photos import load_photos
from stnet.training.config import RunError
from stnet.training.loop import Trainer
from stnet.training.stages import matching
from stnet.training.stages.matching import match_stage
from tests.training.shapes import BANK, SPLIT, example_source, run_config, tiny_model, write_photos
from tests.training.things import NAMES, drawings, pictograms

DRAWN = {"stage": "match", "drawings": "drawings", "start": {"all": "a run"}}
WEIGHTS = {"sketch": 1.0, "contrastive": 1.0}


def stage_of(folder, drawn=None, **changes):
    photos = load_photos(folder / "photos")
    model, processor = tiny_model(list(example_source(photos).ids))
    settings = {"pooled_scenes": 6, "pooled_photos": 4, "photo_share": 0.25, "weights": WEIGHTS}
    config = run_config(folder / "run", **DRAWN, **{**settings, **changes})
    return match_stage(model, processor, config, BANK, photos, drawn or drawings(), SPLIT)


@pytest.fixture
def folder(tmp_path):
    write_photos(tmp_path / "photos", count=40)
    pictograms().save(tmp_path / "pictograms")
    return tmp_path


def test_scenes_show_pictograms_beside_the_banks_things(folder):
    stage = stage_of(folder, pictograms=str(folder / "pictograms"), pooled_scenes=12)
    kept = stage.source.kept
    scenes = [thing.name for objects in kept.objects[:12] for thing in objects]
    assert len(kept) == 16 and {"kite", "tools/gadget"} & set(scenes) and set(SPLIT.seen) & set(scenes)
    assert {thing.name for objects in kept.objects[12:] for thing in objects} <= {"parcel", "cloud"}
    assert stage.naming.out_features == len(NAMES)
    Trainer(stage, stage.config).run()


def test_without_pictograms_scenes_show_what_the_bank_has(folder):
    kept = stage_of(folder).source.kept
    assert {thing.name for objects in kept.objects[:6] for thing in objects} <= set(SPLIT.seen)


def test_things_of_photos_are_pasted_into_scenes_as_the_configuration_says(folder):
    kept = stage_of(folder, copy_paste=1.0).source.kept
    pasted = [thing.name for objects in kept.objects[:6] for thing in objects if thing.cut_out is None]
    assert pasted and set(pasted) <= {"parcel", "cloud"}


def test_a_run_that_goes_on_does_not_encode_again(folder, monkeypatch):
    first = stage_of(folder).source.kept

    def never(*_):
        raise AssertionError("encoded twice")

    with monkeypatch.context() as patch:
        patch.setattr(matching, "keep_pictures", never)
        assert stage_of(folder).source.kept.objects == first.objects
        with pytest.raises(AssertionError, match="twice"):
            stage_of(folder, seed=1)


def test_what_the_stage_needs_is_said(folder):
    photos = load_photos(folder / "photos")
    model, processor = tiny_model()
    config = run_config(folder, pooled_scenes=6, **DRAWN)
    with pytest.raises(RunError, match="needs drawings"):
        match_stage(model, processor, config, BANK, photos, None, SPLIT)
    with pytest.raises(RunError, match=r"needs drawings, pooled_scenes and `start: \{all"):
        run_config(folder, **DRAWN)
    with pytest.raises(RunError, match="recogniser: not for the match stage"):
        run_config(folder, pooled_scenes=6, recogniser="a network", **DRAWN)
    with pytest.raises(RunError, match="pictograms is for the match stage"):
        run_config(folder, pictograms="a folder")
    with pytest.raises(RunError, match="1 scenes and 3 photos"):
        stage_of(folder, drawn=Drawings({}, mapping={}), photo_share=0.75)
