from webapp.theme import FONTS, theme


def test_only_fonts_of_the_visitors_own_are_named() -> None:
    named = str(theme().font).replace("'", "").split(", ")
    assert named == list(FONTS)
