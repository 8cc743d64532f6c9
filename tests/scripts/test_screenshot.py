"""The picture of the README: what it needs is there, and a missing browser is said at once."""

import pytest

from scripts import screenshot
from scripts.find_chromium import ADVICE
from webapp.examples import load_examples


def test_the_example_that_is_pressed_is_on_the_page():
    assert screenshot.DRAWN in [example.name for example in load_examples()]
    assert screenshot.PICTURE.is_file()


def test_without_a_browser_it_says_what_to_do(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(screenshot, "find_chromium", lambda: None)
    with pytest.raises(SystemExit):
        screenshot.main(["--out", str(tmp_path / "shot.png")])
    assert ADVICE in capsys.readouterr().err
    assert not (tmp_path / "shot.png").exists()
