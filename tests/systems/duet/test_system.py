"""Duet over a checkpoint: cosines of texts with pseudo words and of pictures, and what it refuses."""

import pytest
import torch
from torch.nn.functional import cosine_similarity

from stnet.checkpoint import LoadedModel
from stnet.systems.concat.system import BackboneEncoder
from stnet.systems.duet.network import DuetNetwork, DuetSizes
from stnet.systems.duet.system import Duet, probe_text, sizes_of
from stnet.systems.measuring import measure_system, see
from stnet.systems.probing import write_probe
from stnet.systems.shared.suite import freeze_suite
from stnet.systems.towers import count_parameters
from tests.evaluation.toys import ToySuite
from tests.systems.toys import loaded_model

WORDS = ["a red one on the beach", "at night"]


@pytest.fixture(scope="module")
def loaded(plain_pool):
    return LoadedModel(plain_pool.model.requires_grad_(False), plain_pool.processor, "toy", "0" * 64)


@pytest.fixture(scope="module")
def duet(loaded):
    torch.manual_seed(0)
    return Duet(loaded, DuetNetwork(sizes_of(loaded.model)).eval())


@torch.inference_mode()
def test_scores_are_cosines_with_pseudo_word_and_words(duet):
    stored, drawn = torch.randn(4, 1280), torch.randn(2, 1280)
    network, text = duet.network, duet.text
    index = duet.index(stored)
    both, sketch, words = (
        duet.scores(duet.queries(*halves), index) for halves in ((drawn, WORDS), (drawn, None), (None, WORDS))
    )
    for row in range(2):
        pseudo = network.converter(network.drawings(drawn[row : row + 1]))[:, None]
        prompted = torch.cat([network.prompt[None], pseudo], dim=1)
        said = {
            "both": text.before_words(prompted, [WORDS[row]]),
            "sketch": text.before_words(prompted, None),
            "words": text.before_words(network.prompt[None], [WORDS[row]]),
        }
        for name, found in (("both", both), ("sketch", sketch), ("words", words)):
            expected = cosine_similarity(said[name], network.pictures(stored))
            torch.testing.assert_close(found[row], expected, atol=1e-5, rtol=1e-4)


@torch.inference_mode()
def test_many_queries_are_as_each_alone(duet):
    drawn, words = torch.randn(70, 1280), [f"on the beach {number}" for number in range(70)]
    found = duet.queries(drawn, words)["query"]
    torch.testing.assert_close(
        found[69:], duet.queries(drawn[69:], words[69:])["query"], atol=1e-5, rtol=1e-4
    )


@torch.inference_mode()
def test_it_is_measured_the_same_through_frozen_features(loaded, duet, plain_pool):
    asked, seen = see([duet], ToySuite())
    frozen = freeze_suite(plain_pool, ToySuite()).seen_by(BackboneEncoder(loaded.model))
    torch.testing.assert_close(frozen.stored, seen[duet.encoder].stored)
    figures = measure_system(duet, asked, seen[duet.encoder])
    assert list(figures["retrieval"]) == ["sketch+text", "sketch", "text"] and "gain" in figures
    assert figures["search"]["features"] == 1280
    own = count_parameters(duet.network)
    assert own < figures["search"]["parameters"] < own + count_parameters(loaded.model)


def test_what_does_not_fit_is_refused(loaded, duet, tmp_path):
    with pytest.raises(ValueError, match="got neither"):
        duet.queries(None, None)
    with pytest.raises(ValueError, match=r"duet was trained with .*picture=7"):
        Duet(loaded, DuetNetwork(DuetSizes(picture=7, sketch=1280, word=16)))
    clip_text = loaded_model()
    with pytest.raises(ValueError, match="averages its tokens"):
        Duet(clip_text, DuetNetwork(sizes_of(clip_text.model)))
    with pytest.raises(ValueError, match="holds no trained Duet"):
        Duet.build(loaded, {"trained": str(tmp_path)})
    with pytest.raises(ValueError, match="no fields heads"):
        Duet.build(loaded, {"trained": "x", "heads": 3})


def test_it_is_built_over_the_networks_that_it_learned_on_alone(loaded, duet, tmp_path):
    duet.network.text_probe.copy_(probe_text(duet.text))
    duet.network.save(tmp_path)
    write_probe(tmp_path, duet.encoder, loaded.model)
    fields = {"trained": str(tmp_path), "weights": {}, "schedule": {}}
    assert torch.equal(Duet.build(loaded, fields).network.prompt, duet.network.prompt)
    duet.network.text_probe.mul_(-1)
    duet.network.save(tmp_path)
    with pytest.raises(ValueError, match="trained with another text tower"):
        Duet.build(loaded, fields)
