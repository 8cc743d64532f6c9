"""A checkpoint, a gallery or the demo from here to the Hugging Face Hub."""

from fnmatch import fnmatch
from pathlib import Path

from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from stnet.fingerprint import check_seal, model_fingerprint
from stnet.gallery.manifest import check_files, read_manifest
from stnet.gallery.publishing import finish_publication
from stnet.hub.cards import CARD, gallery_card, model_card
from stnet.hub.folders import PATTERNS, REPOSITORY_TYPES, HubError, Kind

# all that the demo needs: of packages their code and data, never caches or what Gradio writes
SPACE_PATTERNS = [
    *("app.py", "README.md", "LICENSE", "requirements.txt", "pre-requirements.txt"),
    *("stnet/*", "index_builder/*", "webapp/*", "assets/*"),
]
SPACE_IGNORED = ["*/.*", "*__pycache__*", "*.pyi", "*.pyc"]


Files = dict[str, Path | bytes]  # by name in the repository: a file here, or what it will hold


def files_to_push(folder: Path, kind: Kind, results: Path | None = None) -> Files:
    """Check a checkpoint or gallery; the files that would be uploaded, and the card that is written for them.

    Args:
        results: a folder with the evaluation's JSON, for a model's card.

    Raises:
        ValueError: if the folder is not a whole checkpoint or gallery.
    """
    if kind == "gallery":
        finish_publication(folder)  # a killed builder's last step; what is pushed lies in the folder itself
        check_files(folder, read_manifest(folder))
        card = gallery_card(folder)
    else:
        model_fingerprint(folder)
        check_seal(folder)
        card = model_card(folder, results)
    return _chosen(folder, PATTERNS[kind], []) | {CARD: card.encode()}


def space_files(root: Path) -> Files:
    """The files of the demo, from a clone of this repository.

    Raises:
        HubError: if `root` is no such clone.
    """
    files = _chosen(root, SPACE_PATTERNS, SPACE_IGNORED)
    missing = {"app.py", "README.md", "requirements.txt", "assets/checkpoint/config.json"} - set(files)
    if missing:
        raise HubError(f"{root} is no clone of this repository: it lacks {', '.join(sorted(missing))}")
    return files


def push(
    folder: Path, repository: str, kind: Kind, *, public: bool = False, results: Path | None = None
) -> str:
    """Check a checkpoint or gallery and upload it; needs a write token (`hf auth login`).

    Args:
        results: a folder with the evaluation's JSON, for a model's card.

    Returns:
        the address of the new commit.

    Raises:
        ValueError: if the folder is not a whole checkpoint or gallery, or the Hub refuses.
    """
    files = files_to_push(folder, kind, results)
    return _upload(files, repository, REPOSITORY_TYPES[kind], f"Upload {kind}", public=public)


def push_space(root: Path, repository: str, *, public: bool = False) -> str:
    """Upload the demo as a Space; needs a write token (`hf auth login`).

    Returns:
        the address of the new commit.

    Raises:
        ValueError: if `root` is no clone of this repository, or the Hub refuses.
    """
    return _upload(space_files(root), repository, "space", "Upload the demo", public=public)


def _chosen(folder: Path, patterns: list[str], ignored: list[str]) -> Files:
    """Files whose names fit, by huggingface_hub's rules: a star stands for slashes, too."""

    def wanted(name: str) -> bool:
        return any(fnmatch(name, one) for one in patterns) and not any(fnmatch(name, one) for one in ignored)

    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path for name, path in named.items() if wanted(name)}


def _upload(files: Files, repository: str, repo_type: str, message: str, *, public: bool) -> str:
    api, sdk = HfApi(), "gradio" if repo_type == "space" else None
    try:
        api.create_repo(repository, repo_type=repo_type, private=not public, exist_ok=True, space_sdk=sdk)
        commit = api.create_commit(
            repo_id=repository,
            repo_type=repo_type,
            operations=[CommitOperationAdd(name, content) for name, content in files.items()],
            commit_message=message,
        )
    except (OSError, HfHubHTTPError) as error:
        raise HubError(f"nothing can be pushed to {repository}: {str(error).strip()}") from error
    return str(commit.commit_url)
