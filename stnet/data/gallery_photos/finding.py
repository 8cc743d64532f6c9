"""Which pictures of which packages are photographs, and where each one's credit stands."""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stnet.data.gallery_photos.credits import (
    Credit,
    copyright_credit,
    desktop_credit,
    plasma_credit,
    readme_credits,
    template_credits,
)
from stnet.data.gallery_photos.packages import COPYRIGHT
from stnet.data.gallery_photos.resources import read_resources


@dataclass(frozen=True)
class Found:
    """A photograph: `path` in its package's source, the file's content, and who made it if that is known."""

    package: str
    path: str
    content: bytes
    credit: Credit | None

    @property
    def name(self) -> str:
        """What the file's name says it shows: "christTheRedeemer.webp" -> "christ the redeemer"."""
        stem = PurePosixPath(self.path).stem.removesuffix("_background")
        stem = re.sub(r"_by_.*", "", stem)
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[_-]+", " ", stem))
        return re.sub(r"\d+$", "", spaced).strip().lower() or stem


Finder = Callable[[Path], Iterator[Found]]
"""Folder of the unpacked package -> its photographs."""

_GCOMPRIS = "usr/share/gcompris-qt/rcc"
_ACTIVITIES = (
    "categorization",
    "details",
    "erase",
    "explore_farm_animals",
    "explore_monuments",
    "explore_world_animals",
    "explore_world_music",
    "louis-braille",
)
# Drawings, paintings and letters among the photographs.
_NO_PHOTOGRAPHS = re.compile(
    r"/alphabets/|/numbers/|/(?:Gogh|VincentVanGogh|Van_Gogh|Eglise_d|PortraitOfPere)"
    r"|/image/.*_\d+\.webp$|/louis-braille/resource/(?!braille\.)"
)
# Where a README writes a file's name wrongly.
_MISSPELT = {"germany/audaPalatina.webp": "germany/aulaPalatina.webp"}


def gcompris(folder: Path) -> Iterator[Found]:
    """The children's programme GCompris; a README credits pictures of its folder and of those below."""
    for activity in _ACTIVITIES:
        content = (folder / _GCOMPRIS / f"{activity}.rcc").read_bytes()
        files = {path.removeprefix("gcompris/"): data for path, data in read_resources(content)}
        credits: dict[str, Credit] = {}
        for path, data in files.items():
            if PurePosixPath(path).name == "README":
                parent = PurePosixPath(path).parent
                for name, credit in readme_credits(data.decode("utf-8")).items():
                    credits[str(parent / _MISSPELT.get(name, name))] = credit
        for path, data in sorted(files.items()):
            if path.endswith(".webp") and not _NO_PHOTOGRAPHS.search(path):
                yield Found("gcompris-qt-data", path, data, credits.get(path))


_SCRATCH_DRAWN = frozenset(
    [
        *("chalkboard", "party-room", "room1", "room2", "room3", "spotlight-stage"),
        *("moon", "woods-and-bench", "atom-playground", "school2"),
    ]
)


def scratch(folder: Path) -> Iterator[Found]:
    """Backgrounds of Scratch, those that aren't drawn."""
    text = _copyright(folder, "scratch")
    for path in sorted((folder / "usr/share/scratch/Media/Backgrounds").rglob("*.jpg")):
        name = path.relative_to(folder / "usr/share/scratch").as_posix()
        if path.stem not in _SCRATCH_DRAWN:
            yield Found("scratch", name, path.read_bytes(), copyright_credit(text, name))


def lomiri(folder: Path) -> Iterator[Found]:
    """Wallpapers of a telephone's system, by its users."""
    package = "lomiri-wallpapers-16.04"
    text = _copyright(folder, package)
    for path in sorted((folder / "usr/share/backgrounds").glob("*.jpg")):
        name = f"16.04/{path.name}"
        if not path.name.startswith(("analogpattern", "umang")):  # no photographs
            yield Found(package, name, path.read_bytes(), copyright_credit(text, name))


def mate(folder: Path) -> Iterator[Found]:
    """Wallpapers of the MATE desktop; those called nature are photographs."""
    text = _copyright(folder, "mate-backgrounds")
    for path in sorted((folder / "usr/share/backgrounds/mate/nature").glob("*.jpg")):
        name = f"nature/{path.name}"
        yield Found("mate-backgrounds", name, path.read_bytes(), copyright_credit(text, name))


# those that License credits, under shortened names
_LXQT = frozenset(
    ["after-the-rain", "appleflower", "beam", "butterfly", "drop", "flowers", "fog", "this-is-not-windows"]
)


def lxqt(folder: Path) -> Iterator[Found]:
    """Wallpapers of the LXQt desktop. The file License beside them says in prose who took which."""
    place = folder / "usr/share/lxqt/wallpapers"
    said = (place / "License").read_text(encoding="utf-8")
    author = "stefonarch" if "stefonarch" in said and "by-sa/3.0" in said else None
    for path in sorted(place.glob("*")):
        if path.stem in _LXQT and path.suffix in (".jpg", ".png"):
            credit = Credit(author, "CC-BY-SA-3.0", "https://github.com/lxqt/lxqt-themes") if author else None
            yield Found("lxqt-themes", f"wallpapers/{path.name}", path.read_bytes(), credit)


def palapeli(folder: Path) -> Iterator[Found]:
    """Pictures of a jigsaw puzzle, each with a .desktop file that credits it."""
    for path in sorted((folder / "usr/share/palapeli/collection").glob("*.jpg")):
        credit = desktop_credit(path.with_suffix(".desktop").read_text(encoding="utf-8"))
        yield Found("palapeli-data", f"collection/{path.name}", path.read_bytes(), credit)


_PLASMA = (
    "BytheWater ColdRipple ColorfulCups DarkestHour EveningGlow FallenLeaf Grey OneStandsOut Path summer_1am"
)


def plasma(folder: Path) -> Iterator[Found]:
    """Wallpapers of the Plasma desktop that are photographs, in their largest size."""
    for name in _PLASMA.split():
        place = folder / "usr/share/wallpapers" / name
        sizes = list((place / "contents/images").glob("*.jpg"))
        if not sizes:
            raise ValueError(f"the package has no picture in {place.name}/contents/images")
        largest = max(sizes, key=lambda path: path.stat().st_size)
        credit = plasma_credit((place / "metadata.json").read_text(encoding="utf-8"))
        yield Found("plasma-workspace-wallpapers", f"{name}.jpg", largest.read_bytes(), credit)


def tuxpaint(folder: Path) -> Iterator[Found]:
    """Photographs to paint on, on the terms of the whole package."""
    listed = folder / "usr/share/doc/tuxpaint-data/AUTHORS.txt.gz"
    makers = template_credits(gzip.decompress(listed.read_bytes()).decode("utf-8"))
    for path in sorted((folder / "usr/share/tuxpaint/templates").glob("*.jpg")):
        maker = makers.get(path.stem)
        credit = Credit(maker, "GPL-2+", "https://tuxpaint.org/") if maker else None
        yield Found("tuxpaint-data", f"templates/{path.name}", path.read_bytes(), credit)


FINDERS: dict[str, Finder] = {
    "gcompris-qt-data": gcompris,
    "scratch": scratch,
    "lomiri-wallpapers-16.04": lomiri,
    "mate-backgrounds": mate,
    "lxqt-themes": lxqt,
    "palapeli-data": palapeli,
    "plasma-workspace-wallpapers": plasma,
    "tuxpaint-data": tuxpaint,
}


def _copyright(folder: Path, package: str) -> str:
    return (folder / COPYRIGHT.format(package=package)).read_text(encoding="utf-8")
