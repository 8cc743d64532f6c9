import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stnet.model.processing import STNetProcessor
from stnet.pictures import MAX_PIXELS
from stnet.search.query import DEFAULT_RESULTS, MOST_RESULTS, check_count, read_query
from stnet.search.results import SearchError
from tests.galleries import drawing


@pytest.fixture(scope="module")
def processor(tiny_checkpoint):
    return STNetProcessor.from_pretrained(tiny_checkpoint)


def test_the_mode_says_which_halves_there_are(processor):
    blank = Image.new("RGB", (50, 50), "white")
    assert read_query(processor, drawing(), "on a red sofa").mode == "sketch+text"
    assert read_query(processor, drawing(), None).mode == "sketch"
    assert read_query(processor, drawing(), " \n\t").mode == "sketch"
    assert read_query(processor, None, "on a red sofa").mode == "text"
    assert read_query(processor, blank, "on a red sofa").mode == "text"


@pytest.mark.parametrize("text", [None, "", "  ", "\x00\x07"])
@pytest.mark.parametrize("sketch", [None, Image.new("RGB", (9, 9), "white"), Image.new("RGBA", (9, 9))])
def test_an_empty_query_is_refused(processor, sketch, text):
    with pytest.raises(SearchError, match=r"^Draw something or type a few words\.$"):
        read_query(processor, sketch, text)


def test_long_words_are_cut_and_that_is_said(processor):
    short = read_query(processor, None, "a red one")
    assert (short.text, short.truncated) == ("a red one", False)
    words = "a red one on the beach " * 5
    cut = read_query(processor, None, words)
    assert cut.truncated
    assert cut.text and words.startswith(cut.text) and len(cut.text) < len(words.strip())
    # it is the part that was read: alone, it is the same query
    alone = read_query(processor, None, cut.text)
    assert alone.tokens.input_ids.equal(cut.tokens.input_ids)
    assert (alone.text, alone.truncated) == (cut.text, False)
    endless = read_query(processor, None, "red " * 2500)
    assert endless.truncated
    assert endless.text == ("red " * 2500)[: len(endless.text)]
    assert len(endless.text) < 100
    assert read_query(processor, None, "red " + " " * 20_000).text == "red"


def test_the_text_of_a_query_is_what_was_read_of_it(processor):
    assert read_query(processor, None, " a\x00red\n one \ud83d").text == "a red one"
    assert read_query(processor, None, "A Red café").text == "A Red café"


def test_a_path_is_read_as_the_picture_is(processor, tmp_path):
    drawing().save(tmp_path / "drawing.png")
    from_path = read_query(processor, tmp_path / "drawing.png", None).sketch
    assert from_path.equal(read_query(processor, drawing(), None).sketch)
    assert from_path.equal(read_query(processor, str(tmp_path / "drawing.png"), None).sketch)


@pytest.mark.parametrize(
    ("sketch", "text", "message"),
    [
        (b"bytes", None, "The sketch must be a picture or a path, got bytes"),
        (np.zeros((8, 8)), None, "The sketch must be a picture or a path, got ndarray"),
        (None, 7, "The words must be text, got int"),
        ("absent.png", "red", "The sketch absent.png can't be read: there is no such file"),
        (__file__, "red", "can't be read: it is not a JPEG, PNG, WebP"),
    ],
)
def test_what_is_no_sketch_and_no_text_is_refused(processor, sketch, text, message):
    with pytest.raises(SearchError, match=message):
        read_query(processor, sketch, text)


def test_a_huge_drawing_is_refused(processor):
    huge = Image.new("1", (MAX_PIXELS // 1000 + 1, 1000))
    with pytest.raises(SearchError, match=f"more than {MAX_PIXELS:,}"):
        read_query(processor, huge, None)


def test_a_drawing_that_breaks_off_is_refused(processor, tmp_path):
    Image.effect_noise((200, 200), 90).save(tmp_path / "whole.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "whole.png").read_bytes()[:5000])
    with (
        Image.open(tmp_path / "half.png") as lazy,
        pytest.raises(SearchError, match="The sketch can't be read"),
    ):
        read_query(processor, lazy, None)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (3000, 2000)])
def test_odd_sizes_are_answered_or_blank(processor, size):
    image = Image.new("L", size, 255)
    image.putpixel((0, 0), 0)
    query = read_query(processor, image, "red")
    assert query.sketch is None or query.sketch.isfinite().all()


@pytest.mark.parametrize("top_k", [0, -1, 51, 10_000, 1.5, float("nan"), float("inf"), True, "12", None])
def test_a_count_out_of_range_is_refused(top_k):
    with pytest.raises(SearchError, match=r"whole number from 1 to 50, got"):
        check_count(top_k, range(100))


def test_the_documentation_has_the_same_numbers():
    text = Path(__file__).parents[2].joinpath("docs/use-from-code.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `top_k` \| how many results, 1 to (\d+) \| (\d+) \|$", text, re.MULTILINE)
    assert rows == [(str(MOST_RESULTS), str(DEFAULT_RESULTS))] * 2


def test_a_count_is_bounded_by_the_gallery():
    assert check_count(50, range(100)) == 50
    assert check_count(12.0, range(100)) == 12
    assert check_count(12, range(3)) == 3


BLANK = Image.new("RGB", (50, 50), "white")


@pytest.mark.parametrize("balance", [-1, -0.4, 0, 0.4, 1])
@pytest.mark.parametrize(("sketch", "text"), [(drawing(), " "), (None, "red"), (BLANK, "red")])
def test_one_half_needs_no_balance(processor, sketch, text, balance):
    query = read_query(processor, sketch, text, balance)
    assert query.balance == 0
    assert query.mode == read_query(processor, sketch, text).mode


def test_a_half_without_weight_does_not_count(processor):
    long = "a red one on the beach " * 5
    by_words, by_sketch = (read_query(processor, drawing(), long, balance) for balance in (-1, 1))
    assert (by_words.mode, by_words.text, by_words.truncated, by_words.balance) == (
        "text",
        read_query(processor, None, long).text,
        True,
        -1,
    )
    assert (by_sketch.mode, by_sketch.text, by_sketch.truncated, by_sketch.balance) == (
        "sketch",
        "",
        False,
        1,
    )
    assert read_query(processor, drawing(), long, 0.99).mode == "sketch+text"


@pytest.mark.parametrize("balance", [-1.01, 2, float("nan"), float("inf"), True, "0.5", None])
def test_a_balance_out_of_range_is_refused(processor, balance):
    with pytest.raises(SearchError, match=r"from -1 \(words alone\) to 1 \(sketch alone\), got"):
        read_query(processor, drawing(), "red", balance)
