"""Searching a gallery with another system: STNET's order is the search's own; what doesn't fit is said."""

import json

import pytest
import torch

from stnet.checkpoint import load_model
from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine
from stnet.search.__main__ import main
from stnet.search.results import SearchError
from stnet.systems.searching import search_with
from tests.galleries import drawing, make_gallery

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folder(tiny_checkpoint, tmp_path_factory):
    return make_gallery(tmp_path_factory.mktemp("searching"), tiny_checkpoint, count=6)


@pytest.fixture(scope="module")
def opened(folder, tiny_checkpoint):
    gallery = Gallery.open(folder)
    yield load_model(tiny_checkpoint, CPU), gallery
    gallery.close()


def test_stnet_ranks_as_the_search_does(opened):
    loaded, gallery = opened
    found = search_with("stnet", loaded, gallery, drawing(), "left of a green square", 6)
    own = SearchEngine(loaded, gallery).search(drawing(), "left of a green square", 6, exhaustive=True)
    assert [one.id for one in found] == [result.id for result in own.results]
    assert [one.score for one in found] == pytest.approx([result.score for result in own.results], abs=1e-5)
    assert [one.rank for one in found] == [1, 2, 3, 4, 5, 6]


def test_words_alone_are_searched_without_a_drawing(opened):
    loaded, gallery = opened
    found = search_with("text-only", loaded, gallery, None, "a red circle", 3)
    own = SearchEngine(loaded, gallery).search(None, "a red circle", 3)
    assert [one.id for one in found] == [result.id for result in own.results]


def test_what_does_not_fit_is_said(opened):
    loaded, gallery = opened
    with pytest.raises(SearchError, match="text-only answers text; this query is sketch"):
        search_with("text-only", loaded, gallery, drawing(), None, 3)
    with pytest.raises(ValueError, match="no system 'none'; there are stnet,"):
        search_with("none", loaded, gallery, None, "a circle", 3)
    with pytest.raises(ValueError, match=r"concat searches features of its own.*--system concat"):
        search_with("concat", loaded, gallery, drawing(), "a circle", 3)


def test_the_command(folder, tiny_checkpoint, capsys):
    options = ["--checkpoint", str(tiny_checkpoint), "--gallery", str(folder), "--text", "a red circle"]
    assert main([*options, "--system", "average", "--top-k", "2", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["system"] == "average" and [one["rank"] for one in answer["results"]] == [1, 2]
    assert main([*options, "--system", "average", "--top-k", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["rank", "score", "id"] and len(lines) == 3
    assert main([*options, "--system", "average", "--exhaustive", "--balance", "0.5"]) == 2
    assert "--balance, --exhaustive: for STNET's own search" in capsys.readouterr().err
    assert main([*options, "--system", "average", "--no-guess"]) == 2
    assert "--no-guess: for STNET's own search" in capsys.readouterr().err
