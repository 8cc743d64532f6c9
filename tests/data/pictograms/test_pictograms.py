"""Pictograms come back from their folder as they were, and stand beside a bank's things."""

import numpy as np
import pytest

from stnet.data.objects import CutOut, ObjectBank
from stnet.data.pictograms.pictograms import LINES_FILE, Pictograms, beside


def cut_out(name, category, colour=9, held_out=False):
    return CutOut(name, category, np.full((8, 8, 4), colour, np.uint8), held_out)


@pytest.fixture
def pictograms():
    ink = np.zeros((128, 128), np.uint8)
    ink[20:90, 40] = 255
    return Pictograms((cut_out("emoji/1", "fox"), cut_out("emoji/2", "kite")), (("kite", ink),))


def test_what_is_saved_is_loaded(tmp_path, pictograms):
    pictograms.save(tmp_path)
    loaded = Pictograms.load(tmp_path)
    assert [(one.name, one.category) for one in loaded.cut_outs] == [("emoji/1", "fox"), ("emoji/2", "kite")]
    ((name, ink),) = loaded.lines
    assert name == "kite" and np.array_equal(ink, pictograms.lines[0][1])


def test_a_folder_without_lines_says_how_to_make_them(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python -m stnet\.data\.pictograms --out"):
        Pictograms.load(tmp_path)


def test_lines_of_another_size_are_refused(tmp_path, pictograms):
    pictograms.save(tmp_path)
    np.savez(tmp_path / LINES_FILE, category=np.array(["kite"]), images=np.zeros((1, 64, 64), np.uint8))
    with pytest.raises(ValueError, match=r"expected \(1, 128, 128\) uint8, got \(1, 64, 64\)"):
        Pictograms.load(tmp_path)


def test_things_of_one_name_are_of_one_category_and_nothing_reserved_comes_along(pictograms):
    bank = ObjectBank([cut_out("a", "fox"), cut_out("b", "fox", held_out=True), cut_out("c", "unseen thing")])
    both = beside(bank, ["fox"], pictograms)
    assert both.categories == ("fox", "kite")
    assert {one.name for one in both.cut_outs("fox", held_out=False)} == {"a", "emoji/1"}
