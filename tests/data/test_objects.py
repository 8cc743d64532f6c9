import json

import numpy as np
import pytest

from stnet.data.objects import CutOut, ObjectBank, crop_to_alpha, shapes_bank


def cut_out(name: str, category: str, *, held_out: bool = False, size: tuple[int, int] = (4, 5)) -> CutOut:
    return CutOut(name, category, np.full((*size, 4), len(name), np.uint8), held_out)


def names(cut_outs: tuple[CutOut, ...]) -> list[str]:
    return [one.name for one in cut_outs]


def test_held_out_cut_outs_are_kept_from_training():
    bank = ObjectBank(
        [cut_out("a", "cat"), cut_out("b", "cat", held_out=True), cut_out("c", "cat"), cut_out("d", "ant")]
    )
    assert bank.categories == ("ant", "cat")
    assert names(bank.cut_outs("cat", held_out=False)) == ["a", "c"]
    assert names(bank.cut_outs("cat", held_out=True)) == ["b"]


def test_a_category_without_a_reserve_serves_all_it_has():
    bank = ObjectBank([cut_out("a", "cat"), cut_out("b", "cat")])
    assert names(bank.cut_outs("cat", held_out=True)) == ["a", "b"]
    assert names(bank.cut_outs("cat", held_out=False)) == ["a", "b"]


def test_an_unknown_category_is_named_in_the_error():
    with pytest.raises(ValueError, match="no category 'dog'"):
        ObjectBank([cut_out("a", "cat")]).cut_outs("dog", held_out=False)


def test_a_bank_refuses_nothing_and_two_of_a_name():
    with pytest.raises(ValueError, match="at least one cut-out"):
        ObjectBank([])
    with pytest.raises(ValueError, match=r"more than once: a$"):
        ObjectBank([cut_out("a", "cat"), cut_out("a", "dog"), cut_out("b", "dog")])


@pytest.mark.parametrize(
    "pixels", [np.zeros((3, 3, 3), np.uint8), np.zeros((3, 3, 4)), np.zeros((0, 3, 4), np.uint8)]
)
def test_a_cut_out_refuses_pixels_that_are_not_rgba_bytes(pixels):
    with pytest.raises(ValueError, match="cut-out 'x'"):
        CutOut("x", "cat", pixels)


def test_save_and_load_give_the_same_bank(tmp_path):
    saved = shapes_bank()
    saved.save(tmp_path)
    loaded = ObjectBank.load(tmp_path)
    assert len(loaded) == len(saved)
    for before, after in zip(saved, loaded, strict=True):
        assert (before.name, before.category, before.held_out) == (after.name, after.category, after.held_out)
        assert before.pixels.dtype == after.pixels.dtype
        np.testing.assert_array_equal(before.pixels, after.pixels)


def test_loaded_pixels_cannot_be_changed_by_one_user_for_all(tmp_path):
    shapes_bank().save(tmp_path)
    first = next(iter(ObjectBank.load(tmp_path)))
    with pytest.raises(ValueError, match="read-only"):
        first.pixels[0, 0, 0] = 1


def test_load_says_how_to_make_a_missing_bank(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python -m stnet\.data\.objects --out"):
        ObjectBank.load(tmp_path)


def test_load_refuses_another_format_and_files_that_do_not_match(tmp_path):
    shapes_bank().save(tmp_path)
    index = json.loads((tmp_path / "bank.json").read_text())
    (tmp_path / "bank.json").write_text(json.dumps(index | {"format": 99}))
    with pytest.raises(ValueError, match="format 99, expected 1"):
        ObjectBank.load(tmp_path)
    (tmp_path / "bank.json").write_text(json.dumps(index | {"cut_outs": index["cut_outs"][1:]}))
    with pytest.raises(ValueError, match="describes"):
        ObjectBank.load(tmp_path)


def test_load_never_unpickles(tmp_path):
    shapes_bank().save(tmp_path)
    np.savez(tmp_path / "bank.npz", pixels=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        ObjectBank.load(tmp_path)


def test_crop_keeps_exactly_the_visible_box():
    pixels = np.zeros((10, 12, 4), np.uint8)
    pixels[2:5, 3:9] = 200
    assert crop_to_alpha(pixels).shape == (3, 6, 4)
    with pytest.raises(ValueError, match="no visible pixel"):
        crop_to_alpha(np.zeros((4, 4, 4), np.uint8))


def test_the_shapes_are_the_same_every_time_and_cropped():
    first, second = shapes_bank(), shapes_bank()
    assert len(first.categories) >= 10
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.pixels, other.pixels)
        assert crop_to_alpha(one.pixels).shape == one.pixels.shape
        assert one.pixels[..., 3].max() == 255


def test_shapes_of_one_category_share_the_form_and_differ_in_colour():
    circles = shapes_bank().cut_outs("circle", held_out=False)
    assert len(circles) == 3
    np.testing.assert_array_equal(circles[0].pixels[..., 3], circles[1].pixels[..., 3])
    colours = {
        tuple(circle.pixels[circle.pixels.shape[0] // 2, circle.pixels.shape[1] // 2]) for circle in circles
    }
    assert len(colours) == 3
    assert len(shapes_bank().cut_outs("circle", held_out=True)) == 1
