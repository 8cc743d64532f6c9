import numpy as np

from stnet.gallery.gallery import Gallery
from stnet.search.ranking import Ranked
from stnet.search.responding import response_of
from stnet.search.timing import Stopwatch
from tests.galleries import load, make_gallery


def test_what_was_ranked_is_read_from_the_gallery(tiny_checkpoint, tmp_path):
    gallery = Gallery.open(make_gallery(tmp_path, tiny_checkpoint, count=4))
    scores = np.array([0.1234567, 0.1], np.float32)
    ranked = Ranked(np.array([2, 0]), scores, np.array([99.99996, 50.0]), 0.05, offset=3)
    response = response_of(load(tiny_checkpoint), gallery, Stopwatch(), ranked, total=7)
    assert [(one.rank, one.id, one.score) for one in response.results] == [
        (4, "photo-02.png", 0.123457),
        (5, "photo-00.png", 0.1),
    ]
    assert [one.percentile for one in response.results] == [100.0, 50.0]
    assert [one.picture_bytes for one in response.results] == [gallery.picture_bytes(row) for row in (2, 0)]
    assert all(one.boxes == () and one.heatmap is None for one in response.results)
    assert (response.mode, response.text, response.total, response.middle) == ("similar", "", 7, 0.05)
    assert (response.gallery_name, response.gallery_size) == ("gallery", 4)
