"""Who made a picture and on what terms, as the files of a package say: README, debian/copyright, metadata."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import unquote

_PICTURE = re.compile(r"\S+\.(?:webp|jpg|jpeg|png)$", re.IGNORECASE)
_BASED_ON = re.compile(
    r"(?:(?P<file>\S+) is )?based on an? (?:photo|original image) by (?P<author>[^,]+)"
    r"(?:, license (?P<licence>[^,]+))?, (?:original )?source at (?P<url>\S+)"
)
_EMAIL = re.compile(r"\s*<[^>]*>\W*")
_YEARS = re.compile(r"^(?:©\s*)?\d{4}(?:-\d{4})?[,.]?\s+|,\s*\d{4}(?:-\d{4})?$")


@dataclass(frozen=True)
class Credit:
    """Author and licence are never empty; url: where the picture comes from, or ""."""

    author: str
    licence: str
    url: str = ""

    @property
    def title(self) -> str:
        """What the author called the picture, where the address tells: ".../File:Red_Panda.jpg"."""
        _, found, name = self.url.partition("/File:")
        return unquote(name).rsplit(".", 1)[0].replace("_", " ") if found else ""


def readme_credits(text: str) -> dict[str, Credit]:
    """Credits of a README with one paragraph for each source, by path relative to the README's folder.

    A paragraph without author or licence credits nothing. Where it says that a picture is based on another
    photo, the photographer and the photo's licence are named, too.
    """
    credits = {}
    for fields, listed in _paragraphs(text):
        author, licence = _person(fields.get("Copyright", "")), fields.get("License", "")
        if not author or not licence:
            continue
        based = _BASED_ON.search(fields.get("Comment", ""))
        for name in listed:
            credit = Credit(author, licence, fields.get("Source", ""))
            if based and based["file"] in (None, name):
                credit = _with_original(credit, based)
            credits[name] = credit
    return credits


def _with_original(credit: Credit, based: re.Match[str]) -> Credit:
    terms = f" ({based['licence']})" if based["licence"] else ""
    return Credit(f"{based['author']}{terms}, changed by {credit.author}", credit.licence, based["url"])


def _paragraphs(text: str) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Fields ("Copyright" -> ...) and listed pictures of each paragraph."""
    for paragraph in re.split(r"\n\s*\n", text):
        fields, listed = {}, []
        for line in paragraph.splitlines():
            name, colon, value = line.partition(":")
            if colon and name in ("Copyright", "License", "Source", "Comment", "Comments", "Files"):
                fields[name] = value.strip()
                line = value if name == "Files" else ""
            if _PICTURE.match(line.strip()):
                listed.append(line.strip())
        yield fields, listed


def copyright_credit(text: str, path: str) -> Credit | None:
    """What a debian/copyright says about one file of the source, in the form of DEP 5; the last match counts.

    A paragraph about everything ("Files: *") names a program's authors and not who took a photograph: it is
    no credit.
    """
    credit = None
    for paragraph in re.split(r"\n\s*\n", text):
        fields = _deb_fields(paragraph)
        patterns = fields.get("Files", "").split()
        if any(pattern != "*" and fnmatchcase(path, pattern) for pattern in patterns):
            people = [_person(line) for line in fields.get("Copyright", "").splitlines()]
            licence = fields.get("License", "").split("\n")[0]
            author = ", ".join(person for person in people if person)
            credit = Credit(author, licence) if author and licence else None
    return credit


def _deb_fields(paragraph: str) -> dict[str, str]:
    """ "Name: value" with indented lines that go on."""
    fields: dict[str, str] = {}
    name = ""
    for line in paragraph.splitlines():
        if line[:1].isspace():
            fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
        else:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    return fields


def desktop_credit(text: str) -> Credit | None:
    """The credit in a KDE .desktop file."""
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    author = _person(fields.get("X-KDE-PluginInfo-Author", ""))
    licence = fields.get("X-KDE-PluginInfo-License", "")
    return Credit(author, licence, fields.get("X-KDE-PluginInfo-Website", "")) if author and licence else None


def plasma_credit(text: str) -> Credit | None:
    """The credit in a wallpaper's metadata.json."""
    plugin = json.loads(text).get("KPlugin", {})
    author = ", ".join(person["Name"] for person in plugin.get("Authors", []) if person.get("Name"))
    licence = plugin.get("License", "")
    return Credit(author, licence) if author and licence else None


def template_credits(text: str) -> dict[str, str]:
    """Who made which template of Tux Paint: AUTHORS.txt lists names, then the person for all above."""
    _, _, section = text.partition("\n* Templates\n")
    makers: dict[str, str] = {}
    waiting: list[str] = []
    for line in section.split("\n* ")[0].splitlines():
        name = line.strip()
        if name.startswith("* "):
            waiting.append(name.removeprefix("* ").replace("'", "").replace(" ", "_").lower())
        elif name:
            makers |= dict.fromkeys(waiting, _person(name))
            waiting = []
    return makers


def _person(text: str) -> str:
    """A name without address and years: "2008, Ann Lee <a@example.org>" -> "Ann Lee"."""
    text, last = _EMAIL.sub("", text.strip()).removeprefix("Copyright (c) "), None
    while text != last:
        last, text = text, _YEARS.sub("", text).strip()
    return text.replace('"', "")
