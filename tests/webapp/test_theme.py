from webapp.theme import FONTS, theme


def test_no_font_is_fetched() -> None:
    made = theme()
    assert made._stylesheets == []
    assert [str(font) for font in made._font] == [str(font) for font in FONTS]
