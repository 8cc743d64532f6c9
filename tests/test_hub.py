import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import pytest

from stnet.fingerprint import model_fingerprint, seal_checkpoint
from stnet.gallery.manifest import GalleryError
from stnet.hub.__main__ import main
from stnet.hub.folders import HubError, local_folder
from stnet.hub.pushing import push, space_files
from stnet.search import SearchEngine
from tests.galleries import make_gallery
from tests.hub_server import Fault, running_hub

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """An empty Hub that huggingface_hub talks to, with an empty cache."""
    with running_hub() as server:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", server.address)
        template = server.address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
        yield server


@pytest.fixture
def checkpoint(tmp_path):
    """Files that look like a checkpoint, with two that must not be fetched."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json", "README.md"):
        (folder / name).write_text(f"content of {name}")
    (folder / "pytorch_model.bin").write_text("a pickle")
    (folder / "modeling_custom.py").write_text("raise SystemExit")
    return folder


SAFE = ["README.md", "config.json", "model.safetensors", "tokenizer.json"]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_needs_no_hub(checkpoint, hub, monkeypatch):
    assert local_folder(checkpoint, "checkpoint").path == checkpoint
    assert local_folder(str(checkpoint), "checkpoint").name == "small"
    monkeypatch.chdir(checkpoint.parent.parent)
    relative = f"{checkpoint.parent.name}/small"
    assert local_folder(relative, "checkpoint").name == "small"
    assert hub.requests == []


@pytest.mark.parametrize("revision", ["", "@main", "@v1", "@commit"])
def test_a_repository_is_fetched_without_pickles_and_code(hub, checkpoint, revision):
    commit = hub.add("models/acme/small", checkpoint, "main", "v1")
    found = local_folder("acme/small" + revision.replace("commit", commit), "checkpoint")
    assert names(found.path) == SAFE
    assert (found.path / "model.safetensors").read_text() == "content of model.safetensors"
    assert found.name == f"acme/small@{commit[:8]}"


def test_a_pinned_commit_is_fetched_once(hub, checkpoint):
    commit = hub.add("models/acme/small", checkpoint, "main")
    first = local_folder(f"acme/small@{commit}", "checkpoint").path
    before = len(hub.requests)
    assert local_folder(f"acme/small@{commit}", "checkpoint").path == first
    assert len(hub.requests) == before


def test_what_was_fetched_is_found_when_the_hub_is_gone(hub, checkpoint, monkeypatch):
    hub.add("models/acme/small", checkpoint, "main")
    first = local_folder("acme/small", "checkpoint").path
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    assert local_folder("acme/small", "checkpoint").path == first
    with pytest.raises(
        HubError, match="There is no folder acme/other here, and it can't be fetched from the Hub"
    ):
        local_folder("acme/other", "checkpoint")


def test_a_missing_repository_and_revision_say_what_was_looked_for(hub, checkpoint):
    hub.add("models/acme/small", checkpoint, "main")
    with pytest.raises(
        HubError, match="There is no folder acme/absent here, and no model repository of that name"
    ):
        local_folder("acme/absent", "checkpoint")
    with pytest.raises(HubError, match="no dataset repository of that name"):
        local_folder("acme/small", "gallery")
    with pytest.raises(HubError, match="The Hub's acme/small has no revision 'v9'"):
        local_folder("acme/small@v9", "checkpoint")


@pytest.mark.parametrize("source", ["nowhere", "/nowhere", "a/b/c", "../a", "https://host/a/b", "a/b@"])
def test_what_can_be_neither_is_refused_without_asking(hub, source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HubError, match="expected a folder, or owner/name@revision"):
        local_folder(source, "checkpoint")
    assert hub.requests == []


def test_search_with_a_checkpoint_and_a_gallery_from_the_hub(hub, tiny_checkpoint, tmp_path):
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=4)
    commit = hub.add("models/acme/tiny", tiny_checkpoint, "v1")
    hub.add("datasets/acme/photos", gallery, "main")
    engine = SearchEngine.from_pretrained("acme/tiny@v1", "acme/photos", "cpu")
    answer = engine.search(text="red", top_k=2).to_dict()
    assert answer["model"] == f"acme/tiny@{commit[:8]}"
    assert answer["gallery"] == {"name": "gallery", "size": 4}


def test_a_repository_with_a_pickle_only_is_refused(hub, tiny_checkpoint, tmp_path):
    folder = shutil.copytree(tiny_checkpoint, tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    hub.add("models/acme/pickled", folder, "main")
    with pytest.raises(ValueError, match=r"at least one \.safetensors file"):
        SearchEngine.from_pretrained("acme/pickled", make_gallery(tmp_path, tiny_checkpoint, count=1), "cpu")


def test_a_gallery_of_another_revision_of_the_model_is_refused(hub, tiny_checkpoint, tmp_path):
    other = shutil.copytree(tiny_checkpoint, tmp_path / "other")
    (other / "config.json").write_text((other / "config.json").read_text() + "\n")
    hub.add("models/acme/tiny", tiny_checkpoint, "v1")
    hub.add("models/acme/tiny", other, "v2")
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=1)
    SearchEngine.from_pretrained("acme/tiny@v1", gallery, "cpu")
    with pytest.raises(GalleryError, match=r"--checkpoint acme/tiny@v2 --out .*gallery --overwrite"):
        SearchEngine.from_pretrained("acme/tiny@v2", gallery, "cpu")


def test_a_gallery_is_pushed_whole_and_private(hub, tiny_checkpoint, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_test")
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=2)
    (gallery / "notes.txt").write_text("stay here")
    assert main(["push-gallery", str(gallery), "acme/photos"]) == 0
    assert "/commit/" in capsys.readouterr().out
    assert hub.created[0]["type"] == "dataset"
    assert hub.created[0].get("private") or hub.created[0].get("visibility") == "private"
    pushed = hub.repositories["datasets/acme/photos"]["main"]
    card = pushed.pop("README.md").decode()
    assert "A gallery of 2 pictures" in card
    assert pushed == {path.name: path.read_bytes() for path in gallery.iterdir() if path.name != "notes.txt"}


def test_a_model_is_pushed_with_its_figures_and_the_notice_of_what_is_in_it(
    hub, tiny_checkpoint, tmp_path, monkeypatch
):
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_test")
    folder = tmp_path / "model"
    shutil.copytree(tiny_checkpoint, folder)
    (folder / "NOTICE.txt").write_text("whose weights these are")
    figures = {
        "suite": "scenes-1k",
        "checkpoint": model_fingerprint(folder),
        "complete": True,
        "images": 1000,
        "retrieval": {"text": {"R@1": 25.9, "R@10": 61.4, "R@100": 88.9, "MdR": 6.0}},
    }
    (tmp_path / "scenes-1k.json").write_text(json.dumps(figures))
    assert main(["push-model", str(folder), "acme/tiny", "--results", str(tmp_path)]) == 0
    pushed = hub.repositories["models/acme/tiny"]["main"]
    assert pushed["NOTICE.txt"] == b"whose weights these are"
    assert "| scenes-1k (1000 pictures) | words | 25.9 | 61.4 | 88.9 | 6.0 |" in pushed["README.md"].decode()


def test_a_damaged_gallery_is_not_pushed(hub, tiny_checkpoint, tmp_path):
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=2)
    (gallery / "patches.int8").write_bytes(b"")
    with pytest.raises(ValueError, match=r"patches\.int8 is truncated"):
        push(gallery, "acme/photos", "gallery")
    assert hub.requests == []


def test_a_hub_that_refuses_is_an_error(hub, checkpoint, monkeypatch, capsys):
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", f"{hub.address}/nothing")
    assert main(["push-model", str(checkpoint), "acme/small"]) == 2
    assert "can be pushed to acme/small" in capsys.readouterr().err


def test_fetch_from_the_command_line_obeys_the_environment(hub, checkpoint, tmp_path):
    hub.add("models/acme/small", checkpoint, "main")
    environment = os.environ | {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(tmp_path / "home"),
        "HF_HUB_OFFLINE": "0",
    }
    command = [sys.executable, "-m", "stnet.hub", "fetch"]
    run = subprocess.run(
        [*command, "acme/small"], capture_output=True, text=True, env=environment, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip().startswith(str(tmp_path / "home"))
    absent = subprocess.run(
        [*command, "nowhere"], capture_output=True, text=True, env=environment, timeout=60
    )
    assert absent.returncode == 2
    assert absent.stderr.startswith("error: There is no checkpoint at nowhere")
    assert absent.stderr.count("\n") == 1


def test_a_private_repository_is_one_that_may_not_be_there(hub, checkpoint):
    hub.add("models/acme/small", checkpoint, "main")
    hub.faults["/revision/main"] = [Fault(401, {"X-Error-Code": "RepoNotFound"})]
    with pytest.raises(HubError, match=r"no model repository of that name .*or it is private and no token"):
        local_folder("acme/small", "checkpoint")


def test_a_hub_that_is_busy_is_asked_again_later(hub, checkpoint, monkeypatch):
    hub.add("models/acme/small", checkpoint, "main")
    waits = []
    monkeypatch.setattr("time.sleep", waits.append)
    hub.faults["model.safetensors"] = [Fault(429, {"Retry-After": "3"}), Fault(429)]
    found = local_folder("acme/small", "checkpoint")
    assert names(found.path) == SAFE
    assert len(waits) >= 2
    assert max(waits) >= 3  # as it asked for


def test_a_hub_that_stays_busy_is_an_error_and_what_was_fetched_before_is_taken(hub, checkpoint, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    hub.add("models/acme/small", checkpoint, "main")
    hub.faults["/revision/main"] = [Fault(429)] * 100
    with pytest.raises(HubError, match=r"can't be fetched from the Hub: .*429"):
        local_folder("acme/small", "checkpoint")
    hub.faults.clear()
    first = local_folder("acme/small", "checkpoint")
    hub.faults["/revision/main"] = [Fault(429)] * 100
    assert local_folder("acme/small", "checkpoint") == first


def test_a_download_that_is_cut_goes_on_and_half_a_file_is_never_taken(hub, checkpoint, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    weights = bytes(range(256)) * 400
    (checkpoint / "model.safetensors").write_bytes(weights)
    hub.add("models/acme/small", checkpoint, "main")
    hub.faults["model.safetensors"] = [Fault(cut_at=50_000)] * 100
    with pytest.raises(HubError, match="can't be fetched from the Hub"):
        local_folder("acme/small", "checkpoint")
    hub.faults["model.safetensors"] = [Fault(cut_at=50_000)]
    assert (local_folder("acme/small", "checkpoint").path / "model.safetensors").read_bytes() == weights


def test_other_bytes_than_were_sealed_are_refused(hub, tiny_checkpoint, tmp_path):
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=2)
    sealed = shutil.copytree(tiny_checkpoint, tmp_path / "sealed")
    seal_checkpoint(sealed)
    tokenizer = (sealed / "tokenizer.json").read_bytes()
    (sealed / "tokenizer.json").write_bytes(tokenizer.replace(b"a", b"b", 1))
    hub.add("models/acme/tiny", sealed, "main")
    with pytest.raises(ValueError, match=r"tokenizer\.json is damaged: copy or fetch"):
        SearchEngine.from_pretrained("acme/tiny", gallery, "cpu")
    patches = bytearray((gallery / "patches.int8").read_bytes())
    patches[7] ^= 1
    (gallery / "patches.int8").write_bytes(bytes(patches))
    hub.add("datasets/acme/photos", gallery, "main")
    with pytest.raises(ValueError, match=r"patches\.int8 is damaged"):
        SearchEngine.from_pretrained(tiny_checkpoint, "acme/photos", "cpu")


def test_a_dry_run_checks_and_lists_and_sends_nothing(hub, tiny_checkpoint, tmp_path, capsys):
    gallery = make_gallery(tmp_path, tiny_checkpoint, count=2)
    assert main(["push-gallery", str(gallery), "acme/photos", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert all(path.name in said for path in gallery.iterdir())
    assert f"{len(list(gallery.iterdir())) + 1} files; nothing was uploaded" in said
    assert main(["push-model", str(tiny_checkpoint), "acme/tiny", "--dry-run"]) == 0
    assert "model.safetensors" in capsys.readouterr().out
    assert main(["push-space", str(tmp_path), "acme/demo", "--dry-run"]) == 2
    assert "is no clone of this repository: it lacks README.md, app.py" in capsys.readouterr().err
    assert hub.requests == []


def test_a_space_is_what_the_demo_needs_and_nothing_else(hub, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_test")
    root = tmp_path / "clone"
    for name in (
        *("app.py", "README.md", "LICENSE", "requirements.txt", "pre-requirements.txt", "constraints.txt"),
        *("assets/checkpoint/config.json", "webapp/page.py", "webapp/page.pyi", "webapp/canvas/canvas.js"),
        *("stnet/search/engine.py", "stnet/__pycache__/a.pyc", "index_builder/building.py"),
        *("tests/test_app.py", ".git/config", "data/big.bin", "assets/gallery/.building/patches.int8"),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    assert main(["push-space", str(root), "acme/demo"]) == 0
    pushed = hub.repositories["spaces/acme/demo"]["main"]
    assert (
        set(pushed)
        == set(space_files(root))
        == {
            *("app.py", "README.md", "LICENSE", "requirements.txt", "pre-requirements.txt"),
            *("assets/checkpoint/config.json", "webapp/page.py", "webapp/canvas/canvas.js"),
            *("stnet/search/engine.py", "index_builder/building.py"),
        }
    )
    assert hub.created[0]["type"] == "space"
    assert hub.created[0]["sdk"] == "gradio"


def test_the_space_holds_all_that_is_imported_and_shown():
    files = set(space_files(ROOT))
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "stnet",
        "webapp",
        "index_builder",
        "assets",
    ]
    tracked = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    assert {name for name in tracked if (ROOT / name).is_file()} <= files
