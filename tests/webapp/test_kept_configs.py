"""A page that describes its components once, against Gradio's own."""

import gradio as gr
import pytest
from gradio.blocks import BlocksConfig
from gradio.state_holder import SessionState

from webapp.api.http import LenientBlocks


@pytest.fixture
def page():
    with LenientBlocks() as made:
        words = gr.Textbox(label="Words", value="a cat")
        gr.HTML("<b>said</b>", js_on_load="element.addEventListener('click', () => {})")
        gr.Slider(1, 9, value=3)
        gr.Button("Search").click(lambda said: said, words, words)
    return made


def number_of(page, kind):
    """By which Gradio knows the page's component of this kind."""
    return next(number for number, block in page.blocks.items() if isinstance(block, kind))


def test_it_tells_what_gradio_tells(page):
    expected = {
        number: BlocksConfig.config_for_block(number, [], block) for number, block in page.blocks.items()
    }
    assert SessionState(page).config_values == expected
    assert SessionState(page).config_values == expected  # what is kept, too


def test_a_component_is_described_once(page, monkeypatch):
    first = SessionState(page).config_values
    monkeypatch.setattr(BlocksConfig, "config_for_block", lambda *_: pytest.fail("described again"))
    assert SessionState(page).config_values == first


def test_a_session_writes_into_its_own(page):
    words = number_of(page, gr.Textbox)
    one, other = SessionState(page).config_values, SessionState(page).config_values
    one[words]["props"]["value"] = "a dog"
    assert other[words]["props"]["value"] == "a cat"
    assert SessionState(page).config_values[words]["props"]["value"] == "a cat"


def test_what_a_session_puts_in_a_components_place_is_described_for_itself(page):
    words = number_of(page, gr.Textbox)
    other = gr.Textbox(label="Words", value="a bird", render=False)
    assert page.default_config.config_for_block(words, [], other)["props"]["value"] == "a bird"
    assert SessionState(page).config_values[words]["props"]["value"] == "a cat"


def test_a_changed_component_is_described_anew(page):
    number = number_of(page, gr.Slider)
    assert SessionState(page).config_values[number]["props"]["maximum"] == 9
    page.blocks[number].maximum = 12
    assert SessionState(page).config_values[number]["props"]["maximum"] == 12
