"""Private galleries: limits, damage, deletion, isolation."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from PIL import Image

from stnet.gallery.gallery import Gallery
from stnet.search import SearchEngine
from stnet.search.slots import Slots
from tests.galleries import draw_photo, drawing, make_gallery
from webapp.photos import Choice, LeftOut, Photo, PhotosError, PrivateGalleries, PrivateGallery
from webapp.photos.galleries import IDLE, LIFE
from webapp.photos.indexing import PhotoIndexer
from webapp.search_service import Answerer

ORIENTATION = 0x0112


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> SearchEngine:
    folder = make_gallery(tmp_path_factory.mktemp("demo"), tiny_checkpoint, count=4)
    return SearchEngine.from_pretrained(tiny_checkpoint, folder, "cpu")


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def galleries(engine: SearchEngine, clock: Clock) -> Iterator[PrivateGalleries]:
    made = PrivateGalleries(engine, clock)
    yield made
    clock.now += 2 * LIFE
    made.expire()


@pytest.fixture
def choose(tmp_path: Path) -> Callable[..., Choice]:
    """Photos as a visitor uploads them, each in a folder of its own."""
    made = iter(range(1000))

    def chosen(*contents: Image.Image | bytes, left_out: tuple[LeftOut, ...] = ()) -> Choice:
        photos = []
        for number, content in enumerate(contents):
            copy = tmp_path / "uploads" / str(next(made)) / "copy.jpg"
            copy.parent.mkdir(parents=True)
            if isinstance(content, bytes):
                copy.write_bytes(content)
            else:
                content.save(copy, format="JPEG", quality=95, exif=content.getexif())
            photos.append(Photo(f"photo {number}.jpg", copy))
        return Choice(tuple(photos), left_out)

    return chosen


def ids(gallery: PrivateGallery) -> list[str]:
    opened = Gallery.open(gallery.folder)
    names = [opened.id(row) for row in range(len(opened))]
    opened.close()
    return names


def test_photos_become_a_gallery_and_their_copies_are_gone(
    galleries: PrivateGalleries, choose: Callable[..., Choice]
) -> None:
    choice = choose(draw_photo(0), draw_photo(1), draw_photo(2))
    steps: list[tuple[int, int]] = []
    indexed = galleries.index("anna", choice, lambda done, total: steps.append((done, total)))
    assert (indexed.photos, indexed.left_out) == (3, ())
    assert steps == [(1, 3), (2, 3), (3, 3)]
    found = galleries.find("anna")
    assert ids(found) == ["photo 0.jpg", "photo 1.jpg", "photo 2.jpg"]
    assert not any(photo.copy.parent.exists() for photo in choice.photos)
    assert list((found.home / "photos").iterdir()) == []
    assert found.home.stat().st_mode & 0o777 == 0o700


def test_a_photo_taken_sideways_is_stored_upright_without_what_the_camera_wrote(
    galleries: PrivateGalleries, choose: Callable[..., Choice]
) -> None:
    sideways = Image.new("RGB", (96, 64), "red")
    sideways.paste("blue", (0, 0, 48, 64))
    sideways.getexif()[ORIENTATION] = 6  # turn clockwise to see it as it was taken
    sideways.getexif()[0x010E] = "taken at home"
    galleries.index("anna", choose(sideways))
    opened = Gallery.open(galleries.find("anna").folder)
    assert b"taken at home" not in opened.picture_bytes(0)
    picture = opened.picture(0)
    opened.close()
    assert picture.size == (64, 96)
    red, _, blue = picture.getpixel((32, 8))  # type: ignore[misc]
    assert blue > 200 > 100 > red


def test_what_cant_be_read_is_named_and_nothing_is_lost_for_the_others(
    galleries: PrivateGalleries, choose: Callable[..., Choice]
) -> None:
    choice = choose(draw_photo(0), b"no picture", draw_photo(1), left_out=(LeftOut("film.mp4", "a film"),))
    missing = Photo("missing.jpg", choice.photos[0].copy.with_name("missing.jpg"))
    indexed = galleries.index("anna", Choice((*choice.photos, missing), choice.left_out))
    assert indexed.photos == 2
    assert [item.name for item in indexed.left_out] == ["film.mp4", "photo 1.jpg", "missing.jpg"]
    assert ids(galleries.find("anna")) == ["photo 0.jpg", "photo 2.jpg"]


def test_if_nothing_can_be_read_there_is_no_gallery(
    galleries: PrivateGalleries, choose: Callable[..., Choice]
) -> None:
    for choice in (choose(b"no picture"), Choice(())):
        with pytest.raises(PhotosError):
            galleries.index("anna", choice)
    assert len(galleries) == 0
    with pytest.raises(PhotosError, match="no longer"):
        galleries.find("anna")


def test_a_visitor_finds_only_their_own(
    galleries: PrivateGalleries, choose: Callable[..., Choice], engine: SearchEngine
) -> None:
    galleries.index("anna", choose(draw_photo(0), draw_photo(1)))
    galleries.index("ben", choose(draw_photo(5)))
    assert len(ids(galleries.find("anna"))) == 2
    assert len(ids(galleries.find("ben"))) == 1
    for stranger in ("carla", "", None):
        with pytest.raises(PhotosError):
            galleries.find(stranger)
    with pytest.raises(PhotosError, match="in the page"):
        galleries.index(None, choose(draw_photo(0)))
    assert len(engine.gallery) == 4


def test_removed_photos_leave_nothing_and_touch_no_other_visitors(
    galleries: PrivateGalleries, choose: Callable[..., Choice], engine: SearchEngine
) -> None:
    answerer = Answerer(engine)
    shown = {}
    for visitor in ("anna", "ben"):
        galleries.index(visitor, choose(*(draw_photo(number) for number in range(3))))
        answer = answerer.search(drawing(), None, 3, photos=galleries.find(visitor))
        shown[visitor] = [*answer.pictures, *filter(None, answer.paint_heatmaps())]
    assert not {*shown["anna"]} & {*shown["ben"]}  # the same photos, yet no common address
    assert not any(Path(path).is_relative_to(answerer.shelf.folder) for path in shown["anna"])
    anna = galleries.find("anna")
    homes = (anna.home, anna.shelf.folder)
    galleries.remove("anna")
    assert not any(path.exists() for path in homes)
    assert not any(Path(path).exists() for path in shown["anna"])
    assert all(Path(path).exists() for path in shown["ben"])
    with pytest.raises(PhotosError):
        galleries.find("anna")
    galleries.remove("anna")
    galleries.remove(None)
    assert len(galleries) == 1


def test_own_photos_are_searched_like_any_gallery(
    galleries: PrivateGalleries, choose: Callable[..., Choice], engine: SearchEngine
) -> None:
    answerer = Answerer(engine)
    galleries.index("anna", choose(*(draw_photo(number) for number in range(6))))
    photos = galleries.find("anna")
    answer = answerer.search(drawing(), "a red one", 4, photos=photos)
    gallery = Gallery.open(photos.folder)
    expected = engine.on(gallery).search(drawing(), "a red one", 4)
    gallery.close()
    ranking = [(result.id, result.score) for result in answer.response.results]
    assert ranking == [(result.id, result.score) for result in expected.results]
    assert (answer.response.gallery_name, answer.response.gallery_size) == ("your photos", 6)
    alike = answerer.similar(ranking[0][0], 5, photos=photos).response.results
    assert {result.id for result in alike} == {f"photo {number}.jpg" for number in range(6)} - {ranking[0][0]}
    assert answerer.search(drawing(), "a red one", 4).response.gallery_size == 4


def test_a_search_after_the_removal_says_what_happened(
    galleries: PrivateGalleries, choose: Callable[..., Choice], engine: SearchEngine
) -> None:
    answerer = Answerer(engine)
    galleries.index("anna", choose(draw_photo(0)))
    photos = galleries.find("anna")
    galleries.remove("anna")
    with pytest.raises(PhotosError, match="no longer"):
        answerer.search(drawing(), None, 3, photos=photos)
    with pytest.raises(PhotosError, match="no longer"):
        answerer.similar("photo 0.jpg", 3, photos=photos)


def test_photos_chosen_again_replace_the_older_ones(
    galleries: PrivateGalleries, choose: Callable[..., Choice]
) -> None:
    galleries.index("anna", choose(draw_photo(0), draw_photo(1)))
    older = galleries.find("anna")
    with pytest.raises(PhotosError):
        galleries.index("anna", choose(b"no picture"))
    assert galleries.find("anna") is older  # a choice that fails costs nothing
    galleries.index("anna", choose(draw_photo(2)))
    assert len(ids(galleries.find("anna"))) == 1
    assert not older.home.exists()
    assert len(galleries) == 1


def test_one_visitor_indexes_once_at_a_time_and_may_stop_it(
    galleries: PrivateGalleries, choose: Callable[..., Choice]
) -> None:
    started, go_on = threading.Event(), threading.Event()
    outcome: list[str] = []

    def wait(done: int, total: int) -> None:
        started.set()
        go_on.wait(30)

    def index() -> None:
        try:
            galleries.index("anna", choose(*(draw_photo(number) for number in range(3))), wait)
        except PhotosError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=index)
    thread.start()
    assert started.wait(30)
    second = choose(draw_photo(7))
    with pytest.raises(PhotosError, match="still being made ready"):
        galleries.index("anna", second)
    assert not second.photos[0].copy.exists()
    galleries.index("ben", choose(draw_photo(8)))
    galleries.remove("anna")
    go_on.set()
    thread.join(30)
    assert len(outcome) == 1
    assert "removed" in outcome[0]
    with pytest.raises(PhotosError):
        galleries.find("anna")
    assert len(galleries) == 1  # ben's


def test_every_gallery_ends_after_an_hour(
    galleries: PrivateGalleries, choose: Callable[..., Choice], clock: Clock
) -> None:
    galleries.index("anna", choose(draw_photo(0)))
    home = galleries.find("anna").home
    clock.now = LIFE - 1
    galleries.find("anna")  # to be used does not prolong its life
    assert home.exists()
    clock.now = LIFE + 1
    galleries.expire()
    assert not home.exists()
    with pytest.raises(PhotosError):
        galleries.find("anna")


def test_a_full_server_says_so_and_the_longest_idle_gallery_makes_room(
    galleries: PrivateGalleries,
    choose: Callable[..., Choice],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("webapp.photos.galleries.MOST_GALLERIES", 3)
    for number in range(3):
        galleries.index(f"visitor {number}", choose(draw_photo(number)))
    refused = choose(draw_photo(99))
    with pytest.raises(PhotosError, match="Too many visitors"):
        galleries.index("late", refused)
    assert not refused.photos[0].copy.exists()
    galleries.index("visitor 0", choose(draw_photo(50)))  # replacing one's own needs no room
    clock.now = IDLE + 1
    galleries.find("visitor 0")
    galleries.index("late", choose(draw_photo(99)))
    assert len(galleries) == 3
    assert ids(galleries.find("visitor 0")) == ["photo 0.jpg"]
    with pytest.raises(PhotosError):
        galleries.find("visitor 1")


def test_a_full_disk_is_said_without_names_in_the_log(
    galleries: PrivateGalleries,
    choose: Callable[..., Choice],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device", "/tmp/secret/photo 0.jpg")

    monkeypatch.setattr(PhotoIndexer, "index", fail)
    with caplog.at_level(logging.DEBUG), pytest.raises(PhotosError, match="can't store") as failure:
        galleries.index("anna", choose(draw_photo(0)))
    assert failure.value.__cause__ is None
    assert "No space left" in caplog.text
    assert "photo 0" not in caplog.text
    assert len(galleries) == 0


def test_indexing_takes_its_turn_to_compute(
    galleries: PrivateGalleries,
    choose: Callable[..., Choice],
    engine: SearchEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[Slots] = []
    encoded_in_turn: list[bool] = []
    slot, encode = Slots.slot, engine.loaded.model.encode_image

    @contextmanager
    def watched(slots: Slots) -> Iterator[None]:
        with slot(slots):
            held.append(slots)
            yield
            held.pop()

    def encode_image(values: torch.Tensor) -> torch.Tensor:
        encoded_in_turn.append(bool(held))
        return encode(values)

    monkeypatch.setattr(Slots, "slot", watched)
    monkeypatch.setattr(engine.loaded.model, "encode_image", encode_image)
    galleries.index("anna", choose(draw_photo(0)))
    assert encoded_in_turn == [True]
