"""What pictograms show, as people call what they draw."""

import pytest

from stnet.data.categories import load_split
from stnet.data.pictograms.shown import clip_art_shows, emoji_shows
from stnet.data.pictograms.withheld import is_withheld, withheld_words


@pytest.mark.parametrize(
    ("annotation", "category"),
    [
        ("fox face", "fox"),
        ("automobile", "car"),
        ("Closed Mailbox with Raised Flag", "mailbox"),
        ("abacus", "abacus"),
    ],
)
def test_an_emoji_is_called_as_it_is_drawn(annotation, category):
    assert emoji_shows(annotation) == category


@pytest.mark.parametrize(
    ("stem", "category"),
    [
        ("farfalla_semplice_archit_01", "butterfly"),
        ("Pinguino1", "penguin"),
        ("dog_01_drawn_with_strai_02", "dog"),
        ("macchina_fotografica_di_01", "camera"),
        ("giraffe_cichlid_01", "fish"),  # two words count before one
        ("electric_guitar_andrea__01r", "guitar"),
    ],
)
def test_clip_art_is_called_as_it_is_drawn_in_any_of_its_languages(stem, category):
    assert clip_art_shows(stem) == category


@pytest.mark.parametrize(
    "stem", ["grass_hopper", "mouse_scroll_fco._andrad", "baseball_cap_ganson", "corn_dog"]
)
def test_the_same_words_may_be_something_else(stem):
    assert clip_art_shows(stem) == stem


def test_what_nobody_draws_is_one_thing_however_often_it_was_made():
    assert clip_art_shows("lucertola_maya_architett_01") == clip_art_shows("lucertola_maya_architett_02")


def test_no_name_is_of_something_withheld():
    unseen, words = load_split().unseen, withheld_words()
    assert unseen and not any(emoji_shows(name) != name for name in unseen)
    for alias in ("beluga", "poodle", "taxi", "turtle", "seat"):
        assert not is_withheld(emoji_shows(alias), words)
