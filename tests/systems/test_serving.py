"""What a server asks of the systems: the same order as over the whole gallery at once, and half a query."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from stnet.checkpoint import load_model
from stnet.gallery.gallery import Gallery
from stnet.search.query import read_query
from stnet.search.results import SearchError
from stnet.systems.registry import SYSTEMS
from stnet.systems.serving import SERVED, halved, rank_gallery, readable, serve
from tests.galleries import drawing, make_gallery
from tests.systems.toys import loaded_model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def opened(tiny_checkpoint, tmp_path_factory):
    gallery = Gallery.open(make_gallery(tmp_path_factory.mktemp("serving"), tiny_checkpoint, count=7))
    yield load_model(tiny_checkpoint, torch.device("cpu")), gallery
    gallery.close()


@pytest.mark.parametrize("name", ["stnet", "average"])
def test_a_gallery_in_parts_is_ranked_as_at_once(opened, name):
    loaded, gallery = opened
    system, query = serve(name, loaded), read_query(loaded.processor, drawing(), "a red circle")
    whole = rank_gallery(system, gallery, query, 7)
    parts = rank_gallery(system, gallery, query, 7, at_a_time=3)
    assert whole.rows.tolist() == parts.rows.tolist() and sorted(whole.rows.tolist()) == list(range(7))
    assert parts.scores == pytest.approx(whole.scores, abs=1e-6)
    assert parts.scores.tolist() == sorted(parts.scores.tolist(), reverse=True)


def test_a_system_of_one_half_takes_that_half(opened):
    loaded, gallery = opened
    system, both = serve("text-only", loaded), read_query(loaded.processor, drawing(), "a red circle")
    words = read_query(loaded.processor, None, "a red circle")
    assert readable(system, both.mode) == readable(system, "text") == "text"
    assert readable(system, "sketch") is None
    assert readable(serve("stnet", loaded), "sketch+text") == "sketch+text"
    half = halved(both, "text")
    assert half.mode == "text" and halved(both, "sketch").mode == "sketch"
    assert rank_gallery(system, gallery, half, 3).rows.tolist() == (
        rank_gallery(system, gallery, words, 3).rows.tolist()
    )


def test_what_is_served_is_what_the_configurations_build(opened):
    assert {f"{kind.__module__}:{kind.__name__}" for kind in SERVED.values()} <= set(SYSTEMS.values())
    assert all(SYSTEMS[name].endswith(f":{kind.__name__}") for name, kind in SERVED.items())
    assert all(kind.searches_galleries for kind in SERVED.values())
    for name in SERVED:
        assert isinstance(serve(name, loaded_model(drawn_names=["circle", "square", "star"])), SERVED[name])


def test_what_is_not_there_is_said(opened):
    with pytest.raises(SearchError, match="no system 'concat'; there are stnet, two-stage"):
        serve("concat", opened[0])
    with pytest.raises(ValueError, match="can't name drawings"):
        serve("two-stage", opened[0])


def test_it_loads_nothing_of_training():
    program = "import json, sys; import stnet.systems.serving; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    unwanted = ("stnet.training", "stnet.evaluation", "stnet.data", "stnet.systems.registry", "sklearn")
    assert "stnet.systems.two_stage" in loaded
    assert [name for name in loaded if name.startswith(unwanted)] == []
