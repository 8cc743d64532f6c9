import hashlib

import pytest

from stnet.fingerprint import SEAL_NAME, check_seal, file_sha256, model_fingerprint, seal_checkpoint


def checkpoint(folder, weights=b"weights", config=b"{}"):
    folder.mkdir()
    (folder / "config.json").write_bytes(config)
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def test_file_sha256_is_the_one_of_its_bytes(tmp_path):
    (tmp_path / "file").write_bytes(b"abc" * 100_000)
    assert file_sha256(tmp_path / "file") == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_fingerprint_follows_weights_and_settings_only(tmp_path):
    first = checkpoint(tmp_path / "a")
    same = checkpoint(tmp_path / "b")
    (same / "README.md").write_text("a model card changes nothing")
    assert model_fingerprint(first) == model_fingerprint(same)
    assert model_fingerprint(first) != model_fingerprint(checkpoint(tmp_path / "c", weights=b"weightz"))
    assert model_fingerprint(first) != model_fingerprint(checkpoint(tmp_path / "d", config=b"{ }"))
    (same / "preprocessor_config.json").write_text("{}")
    assert model_fingerprint(first) != model_fingerprint(same)


def test_fingerprint_refuses_a_folder_with_a_pickle_only(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"never read")
    with pytest.raises(ValueError, match=r"expected config.json and at least one .safetensors"):
        model_fingerprint(tmp_path)


def test_a_seal_tells_what_has_changed(tmp_path):
    folder = checkpoint(tmp_path / "a")
    check_seal(folder)  # one without a seal is taken as it is
    (folder / "tokenizer.json").write_text("{}")
    seal_checkpoint(folder)
    check_seal(folder)
    seal_checkpoint(folder)  # again: it doesn't seal itself
    check_seal(folder)
    (folder / "README.md").write_text("is not loaded")
    check_seal(folder)
    (folder / "tokenizer.json").write_text("[]")
    with pytest.raises(ValueError, match=r"tokenizer\.json is damaged"):
        check_seal(folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ValueError, match=r"tokenizer\.json is missing"):
        check_seal(folder)
    for damage in ("[1]", "{", '"x"'):
        (folder / SEAL_NAME).write_text(damage)
        with pytest.raises(ValueError, match=r"seal\.json is damaged"):
            check_seal(folder)
