from webapp.photos.choice import LeftOut
from webapp.photos.galleries import Indexed
from webapp.photos.wording import RULES, ready, refused


def test_the_limits_are_said() -> None:
    for limit in ("200 photos", "30 MB", "50 million pixels", "512 pixels", "60 minutes"):
        assert limit in RULES


def test_one_photo_is_not_many() -> None:
    assert "1 photo is ready" in ready(Indexed(1, (), 0.5))
    assert "2 photos are ready" in ready(Indexed(2, (), 0.5))


def test_names_are_text_not_html() -> None:
    line = refused("Not <b>one</b>", (LeftOut("<img src=x>.jpg", "<i>why</i>"),))
    assert "<img" not in line
    assert "<b>" not in line
    assert "<i>" not in line
    assert "&lt;img src=x&gt;.jpg" in line


def test_a_few_are_named_and_the_others_counted() -> None:
    line = ready(Indexed(3, tuple(LeftOut(f"{number}.jpg", "why") for number in range(25)), 0.5))
    assert "25 left out" in line
    assert "9.jpg" in line
    assert "10.jpg" not in line
    assert "and 15 more" in line
