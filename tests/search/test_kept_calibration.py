import numpy as np
import pytest

from stnet.search.calibration import Known
from stnet.search.kept_calibration import keep_known, read_known
from stnet.search.nonsense import COUNT, EncodedNonsense

MODEL = "f" * 64


@pytest.fixture
def known():
    parts = np.random.default_rng(0).normal(size=(4, COUNT, 6)).astype(np.float32)
    return Known(EncodedNonsense(*parts), {("seal", "text"): 1.25, ("seal", "sketch"): 2.5})


def test_it_comes_back_as_it_was_kept(tmp_path, known):
    keep_known(tmp_path / "new", MODEL, known)
    found = read_known(tmp_path / "new", MODEL)
    assert found.needed == known.needed
    for kept, given in zip(found.nonsense, known.nonsense, strict=True):
        assert np.array_equal(kept, given)
    assert read_known(tmp_path / "new", "0" * 64) is None
    keep_known(tmp_path / "new", MODEL, known._replace(needed={("seal", "text"): 3.0}))
    assert read_known(tmp_path / "new", MODEL).needed == {("seal", "text"): 3.0}
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_without_encoded_nonsense_nothing_is_kept(tmp_path):
    keep_known(tmp_path / "new", MODEL, Known(None, {}))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "pickle", "few", "infinite", "double", "number"])
def test_what_cannot_be_used_counts_as_nothing(tmp_path, known, damage):
    parts = known.nonsense._asdict()
    keep_known(tmp_path, MODEL, known)
    (path,) = tmp_path.iterdir()
    content, needed = path.read_bytes(), np.array('[["seal", "text", 1.5]]')
    if damage == "few":
        np.savez(path, **{name: part[1:] for name, part in parts.items()}, needed=needed)
    elif damage == "infinite":
        np.savez(path, **parts | {"names": parts["names"] * np.inf}, needed=needed)
    elif damage == "double":
        np.savez(path, **parts | {"sketches": parts["sketches"].astype(float)}, needed=needed)
    elif damage == "number":
        np.savez(path, **parts, needed=np.array('[["seal", "text"]]'))
    elif damage == "pickle":
        np.savez(path, **parts, needed=np.array([{}], dtype=object))
    else:
        path.write_bytes({"empty": b"", "cut": content[:200], "text": b"nothing of ours"}[damage])
    assert read_known(tmp_path, MODEL) is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path, known):
    (tmp_path / "file").write_text("in the way")
    keep_known(tmp_path / "file", MODEL, known)
    assert read_known(tmp_path / "file", MODEL) is None
