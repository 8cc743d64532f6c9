"""From the name of a suite to its pictures and queries, made from files that a user names."""

import argparse
from pathlib import Path

from stnet.data.cstbir import load_cstbir
from stnet.data.drawings.drawings import Drawings, Sketcher, find_drawings
from stnet.data.photos import load_photos
from stnet.data.scenes.composing import GRID
from stnet.data.splits import caption_photos, gallery_questions
from stnet.data.suites import scene_suite, suite_objects
from stnet.evaluation.suites.base import Suite
from stnet.evaluation.suites.captions import CaptionEntries, DrawnCaptionEntries
from stnet.evaluation.suites.crops import CropEntries
from stnet.evaluation.suites.cstbir import CstbirEntries
from stnet.evaluation.suites.photo_gallery import GalleryEntries
from stnet.evaluation.suites.photos import PhotoEntries
from stnet.evaluation.suites.scenes import SceneEntries
from stnet.gallery.gallery import Gallery

_COMPOSED = ("scenes-1k", "scenes-5k", "scenes-open", "shapes")
SUITES = (
    *_COMPOSED,
    *("photos", "captions", "captions-drawn", "photo-gallery", "cstbir"),
)
_ASKED_BY_PEOPLE = ("photos", "captions-drawn", "photo-gallery")


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the suites are made from."""
    parser.add_argument(
        "--bank", type=Path, default=Path("data/bank"), help="made by `python -m stnet.data.objects`"
    )
    parser.add_argument(
        "--drawings", type=Path, help="folder of human drawings; without it scenes have traced sketches alone"
    )
    parser.add_argument(
        "--photos", type=Path, default=Path("data/photos"), help="photos with boxes, see stnet/data/photos.py"
    )
    parser.add_argument(
        "--cstbir", type=Path, default=Path("data/cstbir"), help="the paper's data, see stnet/data/cstbir.py"
    )
    parser.add_argument(
        "--gallery", type=Path, default=Path("assets/gallery"), help="of photographs, for photo-gallery"
    )
    parser.add_argument("--split", default="test", help="the split of cstbir (test)")
    parser.add_argument(
        "--scene-side",
        type=int,
        default=GRID,
        metavar="PIXELS",
        help=f"of composed scenes ({GRID}); with as many as the model reads, they are as sharp as photos",
    )
    parser.add_argument(
        "--crops", action="store_true", help="crops of the things asked for instead of whole scenes"
    )


def open_suite(options: argparse.Namespace) -> Suite:
    """The suite that a command line names, its options those of `add_data_arguments`, `suite` and `images`.

    With `crops`, its pictures are crops of the things that are asked for.

    Raises:
        ValueError, OSError: if something that it is made of is missing or malformed.
    """
    if options.crops and options.suite not in _COMPOSED:
        raise ValueError(f"--crops is for the suites {', '.join(_COMPOSED)}, got {options.suite}")
    if options.suite in _ASKED_BY_PEOPLE and not options.drawings:
        raise ValueError(
            f"the suite {options.suite} asks by human drawings: say where they are with --drawings"
        )
    if options.suite == "cstbir":
        listed = load_cstbir(options.cstbir, options.split, images=options.images)
        return CstbirEntries(listed, options.split, complete=options.images is None)
    if options.suite == "captions":
        return CaptionEntries(load_photos(options.photos), *caption_photos(), images=options.images)
    if options.suite == "photo-gallery":
        return _gallery_suite(options)
    drawings = Drawings.load(options.drawings) if options.drawings else None
    if drawings is not None and options.suite in _ASKED_BY_PEOPLE:
        photos = load_photos(options.photos)
        if options.suite == "photos":
            return PhotoEntries(photos, drawings, images=options.images)
        return DrawnCaptionEntries(photos, *caption_photos(), drawings, images=options.images)
    bank, split = suite_objects(options.suite, options.bank)
    suite = scene_suite(options.suite, bank, Sketcher(drawings), split, images=options.images)
    complete = options.images is None
    entries = SceneEntries(suite, drawings=drawings, complete=complete, side=options.scene_side)
    return CropEntries(entries) if options.crops else entries


def _gallery_suite(options: argparse.Namespace) -> Suite:
    questions = gallery_questions()
    drawings = find_drawings(options.drawings, {(asked.category, asked.id) for asked in questions})
    gallery = Gallery.open(options.gallery)
    try:
        return GalleryEntries(gallery, questions, drawings, images=options.images)
    finally:
        gallery.close()
