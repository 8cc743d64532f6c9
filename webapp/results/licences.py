"""Where the terms that galleries name can be read."""

import re

from stnet.search.licences import licence_name

_CREATIVE_COMMONS = re.compile(r"CC-(?P<kind>BY[A-Z-]*)-(?P<version>\d\.\d)")
_GNU = re.compile(r"(?P<family>A?L?GPL)-(?P<major>\d)\.(?P<minor>\d)\+?")
_DEDICATED = "https://creativecommons.org/publicdomain/"
_OTHERS = {
    "CC0-1.0": f"{_DEDICATED}zero/1.0/",
    "Public domain": f"{_DEDICATED}mark/1.0/",
    "GFDL": "https://www.gnu.org/licenses/fdl.html",
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
}


def licence_address(text: str) -> str:
    """The address of a licence's text, as Debian, SPDX or people abbreviate it; "" for one we don't know."""
    name = licence_name(text)
    if found := _CREATIVE_COMMONS.fullmatch(name):
        return f"https://creativecommons.org/licenses/{found['kind'].lower()}/{found['version']}/"
    if found := _GNU.fullmatch(name):
        folder = "old-licenses/" if found["major"] == "2" else ""
        family = found["family"].lower()
        return f"https://www.gnu.org/licenses/{folder}{family}-{found['major']}.{found['minor']}.html"
    return _OTHERS.get(name, "")
