from stnet.search.filtering import Field
from webapp.results.filters import choices

LIGHT = Field("light", (("day", 5), ("night", 2)))


def test_a_field_has_its_values_and_what_is_chosen() -> None:
    offered = {"name": "light", "values": [["day", 5], ["night", 2]]}
    assert choices([LIGHT], []) == [offered | {"chosen": ""}]
    assert choices([LIGHT], [("light", "night")]) == [offered | {"chosen": "night"}]


def test_a_licence_that_a_link_spells_otherwise_is_the_one_that_is_offered() -> None:
    licence = Field("licence", (("CC-BY-4.0", 3), ("GPL-2.0+", 1)))
    (field,) = choices([licence], [("licence", "CC-BY 4.0")])
    assert field["chosen"] == "CC-BY-4.0"


def test_a_filter_that_is_not_offered_can_be_taken_away() -> None:
    *_, other = choices([LIGHT], [("author", "Ann")])
    assert other == {"name": "author", "values": [["Ann", None]], "chosen": "Ann"}
