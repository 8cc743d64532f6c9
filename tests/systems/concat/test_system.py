"""Concat over a checkpoint: what its encoder keeps, what half a query is, and which weights it refuses."""

import pytest
import torch

from stnet.systems.concat.network import ConcatNetwork
from stnet.systems.concat.system import Concat, sizes_of, word_embeddings
from stnet.systems.measuring import measure_system, see
from stnet.systems.probing import write_probe
from stnet.systems.towers import count_parameters
from tests.clips import make_clip
from tests.evaluation.toys import ToySuite
from tests.systems.toys import loaded_model


@pytest.fixture(scope="module")
def loaded():
    return loaded_model()


@pytest.fixture(scope="module")
def concat(loaded):
    torch.manual_seed(0)
    return Concat(loaded, ConcatNetwork(sizes_of(loaded.model, 12)).eval())


def test_sizes_are_those_of_the_checkpoint(loaded):
    sizes = sizes_of(loaded.model, 12)
    assert (sizes.picture, sizes.sketch, sizes.word, sizes.embedding) == (24, 16, 16, 12)
    assert sizes.vocabulary == 400 == word_embeddings(loaded.model).num_embeddings


def test_pictures_and_drawings_are_averages_of_frozen_maps(loaded, concat):
    pictures, sketches = torch.randn(2, 3, 64, 64), torch.randn(2, 1, 32, 32)
    _, coarse = loaded.model.image_tower.feature_maps(pictures)
    torch.testing.assert_close(concat.encoder.pictures(pictures), coarse.flatten(2).mean(2))
    torch.testing.assert_close(concat.encoder.sketches(sketches), loaded.model.sketch_tower(sketches))


@torch.inference_mode()
def test_scores_are_those_of_the_network(loaded, concat):
    stored, drawn, texts = torch.randn(4, 24), torch.randn(2, 16), ["on the beach", "at night"]
    ids, mask = loaded.processor.text_batch(texts)
    network = concat.network
    both = network.similarity(network.query(drawn, network.read(ids, mask)), network.targets(stored))
    found = concat.scores(concat.queries(drawn, texts), concat.index(stored))
    torch.testing.assert_close(found, both)
    alone = network.similarity(network.query(drawn, torch.zeros(2, 12)), network.targets(stored))
    torch.testing.assert_close(concat.scores(concat.queries(drawn, None), concat.index(stored)), alone)


def test_it_is_measured_like_the_others(loaded, concat):
    asked, seen = see([concat], ToySuite())
    figures = measure_system(concat, asked, seen[concat.encoder])
    assert list(figures["retrieval"]) == ["sketch+text", "sketch"]
    assert figures["search"]["features"] == 24
    own = count_parameters(concat.network)
    assert own < concat.parameters < own + count_parameters(loaded.model)


def test_weights_of_other_features_and_words_alone_are_refused(loaded, concat):
    other = ConcatNetwork(sizes_of(loaded_model(projection_dim=8, categories=["one"]).model, 12))
    Concat(loaded, other)  # neither the shared space nor the classes are what it sees
    wrong = ConcatNetwork(type(other.sizes)(picture=7, sketch=16, word=16, vocabulary=400, embedding=12))
    with pytest.raises(ValueError, match=r"trained on a checkpoint with .*picture=7"):
        Concat(loaded, wrong)
    with pytest.raises(ValueError, match="asks by drawings; got none"):
        concat.queries(None, ["on the beach"])


def test_fields(tmp_path, loaded, concat):
    concat.network.save(tmp_path)
    with pytest.raises(ValueError, match="doesn't say what it was trained on"):
        Concat.build(loaded, {"trained": str(tmp_path)})
    write_probe(tmp_path, concat.encoder, loaded.model)
    built = Concat.build(loaded, {"trained": str(tmp_path), "schedule": {}})
    assert built.network.sizes == concat.network.sizes
    with pytest.raises(ValueError, match="trained must be text, got None"):
        Concat.build(loaded, {})
    with pytest.raises(ValueError, match="no fields heads"):
        Concat.build(loaded, {"trained": "x", "heads": 3})


def test_a_vision_transformer_has_no_maps(tmp_path):
    from stnet.model.modeling import STNetModel

    make_clip(tmp_path)
    with pytest.raises(ValueError, match="image tower of convolutions"):
        sizes_of(STNetModel.from_clip(str(tmp_path)), 12)
