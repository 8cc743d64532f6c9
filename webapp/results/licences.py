"""Where the terms that galleries name can be read."""

import re

_CREATIVE_COMMONS = re.compile(r"CC[- ](?P<kind>BY(?:-(?:SA|NC|ND))*)[- ](?P<version>\d\.\d)", re.IGNORECASE)
_GNU = re.compile(r"(?P<lesser>L?)GPL[- ]?v?(?P<version>\d)(?:\.\d)?(?:\+|-or-later|-only)?", re.IGNORECASE)
_DEDICATED = "https://creativecommons.org/publicdomain/"
_OTHERS = {
    "cc0": f"{_DEDICATED}zero/1.0/",
    "cc0-1.0": f"{_DEDICATED}zero/1.0/",
    "public domain": f"{_DEDICATED}mark/1.0/",
    "fdl": "https://www.gnu.org/licenses/fdl.html",
    "gnu-fdl": "https://www.gnu.org/licenses/fdl.html",
    "apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
}


def licence_address(name: str) -> str:
    """The address of a licence's text, as Debian, SPDX or people abbreviate it; "" for one we don't know."""
    name = name.strip()
    if found := _CREATIVE_COMMONS.fullmatch(name):
        return f"https://creativecommons.org/licenses/{found['kind'].lower()}/{found['version']}/"
    if found := _GNU.fullmatch(name):
        folder = "old-licenses/" if found["version"] == "2" else ""
        return f"https://www.gnu.org/licenses/{folder}{found['lesser'].lower()}gpl-{found['version']}.0.html"
    return _OTHERS.get(name.lower(), "")
