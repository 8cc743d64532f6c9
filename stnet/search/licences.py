"""One spelling for each licence: galleries write the same one in several ways."""

import re

_CREATIVE_COMMONS = re.compile(r"CC[- ](?P<kind>BY(?:-(?:SA|NC|ND))*)[- ](?P<version>\d\.\d)", re.IGNORECASE)
_GNU = re.compile(
    r"(?P<family>A|L|)GPL[- ]?v?(?P<major>\d)(?:\.(?P<minor>\d))?(?:(?P<later>\+|-or-later)|-only)?",
    re.IGNORECASE,
)
_OTHERS = {
    "cc0": "CC0-1.0",
    "cc0-1.0": "CC0-1.0",
    "cc0 1.0": "CC0-1.0",
    "public domain": "Public domain",
    "public-domain": "Public domain",
    "fdl": "GFDL",
    "gfdl": "GFDL",
    "gnu-fdl": "GFDL",
    "apache-2.0": "Apache-2.0",
}


def licence_name(text: str) -> str:
    """A licence as SPDX spells it, whether Debian, SPDX or people abbreviated it; others as they are.

    GNU licences get SPDX's older names, which mean the same: GPL-2.0 for GPL-2.0-only, GPL-2.0+ for
    GPL-2.0-or-later. So "GPLv2" gets no "only" that it doesn't say.
    """
    name = " ".join(text.split())
    if found := _CREATIVE_COMMONS.fullmatch(name):
        return f"CC-{found['kind'].upper()}-{found['version']}"
    if found := _GNU.fullmatch(name):
        later = "+" if found["later"] else ""
        return f"{found['family'].upper()}GPL-{found['major']}.{found['minor'] or '0'}{later}"
    return _OTHERS.get(name.casefold(), text)


def spelled(field: str, value: str) -> str:
    """What a field of metadata says, in one spelling where it is a licence."""
    return licence_name(value) if is_licence(field) else value


def is_licence(field: str) -> bool:
    """Whether a field of metadata, which may be of a part of the picture, names a licence."""
    return field.rpartition(": ")[2].casefold() in ("licence", "license")
