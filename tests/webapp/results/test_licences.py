import pytest

from webapp.results.licences import licence_address

COMMONS, GNU = "https://creativecommons.org", "https://www.gnu.org/licenses"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CC-BY-SA-3.0", f"{COMMONS}/licenses/by-sa/3.0/"),
        ("CC-BY-SA 4.0", f"{COMMONS}/licenses/by-sa/4.0/"),
        ("CC BY 2.0", f"{COMMONS}/licenses/by/2.0/"),
        ("CC0-1.0", f"{COMMONS}/publicdomain/zero/1.0/"),
        ("Public Domain", f"{COMMONS}/publicdomain/mark/1.0/"),
        ("GPL-2", f"{GNU}/old-licenses/gpl-2.0.html"),
        ("GPLv2+", f"{GNU}/old-licenses/gpl-2.0.html"),
        ("GPLv3", f"{GNU}/gpl-3.0.html"),
        ("cc0", f"{COMMONS}/publicdomain/zero/1.0/"),
        ("LGPLv3", f"{GNU}/lgpl-3.0.html"),
        ("GNU-FDL", f"{GNU}/fdl.html"),
        ("LGPL-2.1+", f"{GNU}/old-licenses/lgpl-2.1.html"),
        ("all rights reserved", ""),
        ("", ""),
    ],
)
def test_known_terms_can_be_read_somewhere(name: str, address: str) -> None:
    assert licence_address(name) == address
