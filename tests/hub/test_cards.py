import json

import pytest
from huggingface_hub import DatasetCard, ModelCard

from index_builder import build_gallery, open_source
from stnet.fingerprint import model_fingerprint
from stnet.hub.cards import gallery_card, model_card
from tests.galleries import load, make_gallery, make_photos

FOUND = {"R@1": 10.04, "R@10": 51.26, "R@100": 90.0, "MdR": 9.5}


@pytest.fixture
def model(tmp_path):
    """A folder with what a fingerprint is made of."""
    folder = tmp_path / "acme-small"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n\n# Small\n\nWhat it is for.\n")
    return folder


def write_figures(folder, **changes):
    figures = {
        "suite": "scenes-1k",
        "complete": True,
        "images": 1000,
        "retrieval": {"sketch+text": FOUND, "sketch": FOUND},
        **changes,
    }
    folder.mkdir(exist_ok=True)
    (folder / f"{len(list(folder.iterdir()))}.json").write_text(json.dumps(figures))


def test_a_models_card_says_what_it_is_and_what_was_measured(model, tmp_path):
    write_figures(tmp_path / "results", checkpoint=model_fingerprint(model))
    (tmp_path / "results/list.json").write_text("[]")
    card = ModelCard(model_card(model, tmp_path / "results"))
    assert card.data.license == "apache-2.0"
    assert "What it is for." in card.text
    assert "| scenes-1k (1000 pictures) | sketch + words | 10.0 | 51.3 | 90.0 | 9.5 |" in card.text
    values = {one.metric_name: one.metric_value for one in card.data.eval_results}
    assert values["R@10, sketch + words"] == 51.26
    assert values["MdR, sketch"] == 9.5
    assert len(values) == 8


def test_figures_of_other_weights_or_of_a_part_are_not_its_own(model, tmp_path):
    results = tmp_path / "results"
    write_figures(results, checkpoint="f" * 64, suite="other")
    write_figures(results, checkpoint=model_fingerprint(model), complete=False, suite="part")
    with pytest.raises(ValueError, match="no figures of these weights"):
        model_card(model, results)
    write_figures(results, checkpoint=model_fingerprint(model), suite="whole")
    card = model_card(model, results)
    assert "| whole (1000 pictures) |" in card
    assert "other" not in card.split("## Measured")[1]
    assert "part (" not in card


def test_without_figures_the_card_is_its_own(model):
    assert ModelCard(model_card(model)).text.strip() == "# Small\n\nWhat it is for."
    (model / "README.md").unlink()
    assert "# acme-small" in model_card(model)


@pytest.fixture
def credited(tmp_path, tiny_checkpoint):
    """Three pictures: one credited oddly, one well, one not at all."""
    photos = make_photos(tmp_path / "photos", 3)
    rows = [
        {"file_name": "photo-00.png", "author": "A|<b>B</b>\nC", "url": "https://a.org/x_y"},
        {
            "file_name": "photo-01.png",
            "title": "Two",
            "author": "D",
            "licence": "CC0",
            "url": "javascript:alert(1)",
        },
    ]
    (photos / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "gallery"
    build_gallery(open_source(photos), load(tiny_checkpoint), out, name="Holidays")
    return out


def test_a_gallerys_card_credits_every_picture(credited):
    card = DatasetCard(gallery_card(credited))
    assert card.data.pretty_name == "Holidays"
    assert card.data.configs == [{"config_name": "default", "data_files": "images.parquet"}]
    assert "A gallery of 3 pictures" in card.text
    assert r"| photo-00.png |  | A\|\<b\>B\</b\> C |  |  <https://a.org/x_y> |" in card.text
    assert "| photo-01.png | Two | D | CC0 |  |" in card.text
    assert "javascript" not in card.text
    assert "1 more pictures have no credit stored with them." in card.text


def test_a_card_beside_a_gallery_comes_first(credited):
    (credited / "README.md").write_text("---\nlicense: cc0-1.0\n---\n\nMine.\n")
    card = DatasetCard(gallery_card(credited))
    assert card.data.license == "cc0-1.0"
    assert card.text.strip().startswith("Mine.\n\n## Credits")


def test_pictures_without_credits_say_so(tmp_path, tiny_checkpoint):
    assert "No credits are stored" in gallery_card(make_gallery(tmp_path, tiny_checkpoint, count=2))
