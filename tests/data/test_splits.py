"""The committed splits: whole, without doubles, and held out by the rules that training follows."""

import hashlib

from stnet.data.drawings.drawings import is_held_out
from stnet.data.photos import is_held_out as photo_is_held_out
from stnet.data.splits import caption_photos, gallery_questions, photo_key


def test_five_hundred_photos_are_listed_once():
    asked, others = caption_photos()
    assert (len(asked), len(others), len({*asked, *others})) == (226, 274, 500)


def test_sixty_drawings_are_held_out_and_have_an_answer():
    questions = gallery_questions()
    assert len({(question.category, question.id) for question in questions}) == 60
    for question in questions:
        assert is_held_out(f"{question.category}/{question.id}".encode())
        assert question.pictures


def test_a_photo_is_known_by_its_name_alone():
    held_out = [name for name in (f"{number}.jpg" for number in range(200)) if photo_is_held_out(name)]
    assert held_out and len({photo_key(name) for name in held_out}) == len(held_out)
    assert photo_key("a.jpg") == hashlib.sha256(b"a.jpg").hexdigest()[:16]
