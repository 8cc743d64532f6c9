"""What is asked goes to the gallery's server by name, or stays here."""

from stnet.search.remote.answering import answered_where_it_lies
from stnet.search.remote.gallery import RemoteGallery


class Elsewhere(RemoteGallery):
    """A gallery that keeps what it is asked."""

    def __init__(self):
        self.asked = []

    def ask(self, method, arguments):
        self.asked.append((method, arguments))
        return "there"


class Engine:
    def __init__(self, gallery):
        self.gallery = gallery

    @answered_where_it_lies
    def search(self, sketch=None, text=None, *, several=False):
        """Says where it was answered."""
        return "here"


def test_a_gallery_elsewhere_is_asked_by_the_names_of_what_was_given():
    engine = Engine(Elsewhere())
    assert engine.search(None, "red", several=True) == "there"
    assert engine.search(text="blue") == "there"
    assert engine.gallery.asked == [
        ("search", {"sketch": None, "text": "red", "several": True}),
        ("search", {"text": "blue"}),
    ]


def test_a_gallery_of_this_machine_is_searched_here():
    assert Engine(object()).search(text="red") == "here"
    assert Engine.search.__doc__ == "Says where it was answered."
