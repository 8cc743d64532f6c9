import pytest

from stnet.search.licences import is_licence, licence_name, spelled

OCCURRING = {
    "CC-BY-SA-4.0": ("CC-BY-SA-4.0", "CC-BY-SA 4.0", "CC BY-SA 4.0", "cc-by-sa-4.0"),
    "CC-BY-2.0": ("CC-BY-2.0", "CC-BY 2.0"),
    "CC-BY-NC-ND-3.0": ("CC BY-NC-ND 3.0",),
    "CC0-1.0": ("CC0-1.0", "CC0", "cc0 1.0"),
    "Public domain": ("Public Domain", "Public domain", "public-domain"),
    "GPL-2.0+": ("GPL-2+", "GPLv2+", "GPL-2.0-or-later"),
    "GPL-2.0": ("GPL-2", "GPLv2", "GPL-2.0-only"),
    "GPL-3.0": ("GPLv3",),
    "LGPL-3.0": ("LGPLv3",),
    "LGPL-2.1+": ("LGPL-2.1+",),
    "GFDL": ("GNU-FDL", "FDL"),
}


@pytest.mark.parametrize(
    ("text", "name"), [(text, name) for name, texts in OCCURRING.items() for text in texts]
)
def test_a_licence_has_one_spelling(text: str, name: str) -> None:
    assert licence_name(text) == name
    assert licence_name(name) == name


@pytest.mark.parametrize("text", ["all rights reserved", "CC-BY", "GPL", ""])
def test_what_is_not_known_stays_as_it_is(text: str) -> None:
    assert licence_name(text) == text


def test_only_licences_are_spelled_anew() -> None:
    assert spelled("background: License", "GPLv3") == "GPL-3.0"
    assert spelled("title", "GPLv3") == "GPLv3"
    assert not is_licence("licence: title")
