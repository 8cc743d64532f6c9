import pytest

from index_builder import build_gallery, open_source
from index_builder.assembling import assemble
from index_builder.pieces import gallery_piece
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import DATA_FILES, GalleryError, read_manifest
from tests.galleries import load, make_photos


@pytest.fixture
def gallery(tiny_checkpoint, tmp_path):
    source = open_source(str(make_photos(tmp_path / "photos", 40)))
    build_gallery(source, load(tiny_checkpoint), tmp_path / "gallery")
    return Gallery.open(tmp_path / "gallery")


def test_a_gallery_put_together_of_itself_is_itself(gallery, tmp_path):
    (tmp_path / "made").mkdir()
    manifest = read_manifest(gallery.folder)
    size = assemble(tmp_path / "made", [gallery_piece(gallery, gallery.folder)], manifest)
    for name in DATA_FILES:
        assert (tmp_path / "made" / name).read_bytes() == (gallery.folder / name).read_bytes(), name
    assert size == sum((gallery.folder / name).stat().st_size for name in DATA_FILES)
    assert read_manifest(tmp_path / "made") == gallery.manifest


def test_a_piece_knows_its_ids_and_leaves_some_out(gallery):
    piece = gallery_piece(gallery, gallery.folder, frozenset({"photo-00.png", "photo-33.png"}))
    read = [record.id for records, _ in piece.read() for record in records]
    assert read == piece.ids() == [f"photo-{row:02d}.png" for row in range(40) if row not in (0, 33)]
    rows = [gallery.row(id) for id in read]
    features = [made.vectors for _, made in piece.read()]
    assert sum(map(len, features)) == 38
    assert (features[-1][-1] == gallery.vector(rows[-1])).all()


def test_other_numbers_than_the_manifest_s_are_refused(gallery, tmp_path):
    (tmp_path / "made").mkdir()
    piece = gallery_piece(gallery, gallery.folder, frozenset({"photo-00.png"}))
    with pytest.raises(GalleryError, match="expected 40 pictures, found 39"):
        assemble(tmp_path / "made", [piece], read_manifest(gallery.folder))
