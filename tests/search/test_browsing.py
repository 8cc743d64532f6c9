import pytest

from stnet.gallery.browsing import browsing_order
from stnet.gallery.gallery import Gallery
from stnet.search import SearchError
from stnet.search.browsing import DEFAULT_PICTURES, browse
from tests.galleries import make_gallery


@pytest.fixture(scope="module")
def gallery(tiny_checkpoint, tmp_path_factory):
    opened = Gallery.open(make_gallery(tmp_path_factory.mktemp("browsing"), tiny_checkpoint, count=11))
    yield opened
    opened.close()


def test_pages_go_through_the_whole_gallery_in_its_browsing_order(gallery):
    expected = [gallery.id(row) for row in browsing_order(11, 0, 11)]
    pages = [browse(gallery, offset, 4) for offset in (0, 4, 8)]
    assert [picture.id for page in pages for picture in page.pictures] == expected
    sizes = [(page.offset, page.total, len(page.pictures)) for page in pages]
    assert sizes == [(0, 11, 4), (4, 11, 4), (8, 11, 3)]
    assert browse(gallery, 11).pictures == []
    assert len(browse(gallery).pictures) == 11 < DEFAULT_PICTURES


def test_a_picture_is_the_stored_file_with_what_is_known_of_it(gallery):
    (picture,) = browse(gallery, 2, 1).pictures
    row = gallery.row(picture.id)
    assert picture.picture_bytes == gallery.picture_bytes(row)
    assert (picture.size, picture.metadata) == (gallery.size(row), gallery.metadata(row))
    page = browse(gallery, 2, 1).to_dict(["/a.webp"])
    assert page == {
        "gallery": {"name": "gallery", "size": 11},
        "offset": 2,
        "total": 11,
        "pictures": [{"id": picture.id, "width": 96, "height": 64, "metadata": {}, "image": "/a.webp"}],
    }


@pytest.mark.parametrize("offset", [-1, 0.5, "1", None, True, float("nan"), float("inf")])
def test_an_offset_is_a_whole_number(gallery, offset):
    with pytest.raises(SearchError, match="offset must be a whole number, 0 or more, got"):
        browse(gallery, offset)


@pytest.mark.parametrize("count", [0, 51, "many", None])
def test_a_page_has_up_to_fifty_pictures(gallery, count):
    with pytest.raises(SearchError, match="number of pictures must be a whole number from 1 to 50, got"):
        browse(gallery, 0, count)
