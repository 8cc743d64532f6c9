"""The demo as a Space has it: the files that are pushed, in a folder that can't be written, and no home."""

from pathlib import Path

from scripts.try_space import read_only_tree, running
from stnet.hub.pushing import space_files
from tests.e2e.plain_http import ask, call_search

ROOT = Path(__file__).resolve().parents[2]


def test_a_space_starts_and_searches_and_writes_to_its_temporary_folder_alone(
    own_port: int, tmp_path: Path, tiny_checkpoint: Path, tiny_gallery: Path
) -> None:
    """With a small model and gallery in this environment: `make release-check` takes what is shipped."""
    temporary = tmp_path / "temporary"
    places = {"STNET_CHECKPOINT": str(tiny_checkpoint), "STNET_GALLERY": str(tiny_gallery)}
    with read_only_tree(tmp_path / "space") as tree:
        with running(tree, own_port, temporary, **places) as server:
            kind, value = call_search(server, [None, "on the beach", 3])
            assert kind == "complete", value
            answer = value[0]
            assert len(answer["results"]) == 3
            picture = answer["results"][0]["image"].removeprefix(server)
            assert ask(server, picture).headers["content-type"].startswith("image/")
        assert set(space_files(ROOT)) == {
            path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()
        }
    left = [path.name for path in temporary.iterdir()]
    home = temporary / "no-home"  # what is computed once may be kept there, and nothing else
    assert not home.exists() or [path.name for path in home.iterdir()] == [".cache"]
    assert not [name for name in left if name.startswith(("stnet-", "gradio"))]  # nothing of a visitor's
