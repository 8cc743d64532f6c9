"""A folder here, or "owner/name@revision" on the Hugging Face Hub: both become a local folder.

Only data is fetched: safetensors, JSON, the files of a gallery. Never a pickle, never code.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from huggingface_hub import snapshot_download
from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

from stnet.gallery.manifest import DATA_FILES, FORMER_FILES, MANIFEST_NAME

Kind = Literal["checkpoint", "gallery"]

PATTERNS: dict[Kind, list[str]] = {
    "checkpoint": ["*.json", "*.safetensors", "merges.txt", "vocab.txt", "README.md", "NOTICE*"],
    "gallery": [MANIFEST_NAME, *DATA_FILES, *FORMER_FILES, "README.md", "LICENSE*", "CREDITS*", "NOTICE*"],
}
REPOSITORY_TYPES: dict[Kind, str] = {"checkpoint": "model", "gallery": "dataset"}
_NAME = re.compile(r"(?P<name>[\w-][\w.-]*/[\w-][\w.-]*)(@(?P<revision>[\w./-]+))?")


class HubError(ValueError):
    """A folder or Hub repository that can't be used. The text says what was tried."""


@dataclass(frozen=True)
class LocalFolder:
    """Files on this machine, and what to call them: the folder's name or "owner/name@commit"."""

    path: Path
    name: str


def local_folder(source: str | Path, kind: Kind) -> LocalFolder:
    """Find a checkpoint or gallery, downloading it once if it is on the Hub.

    Args:
        source: a folder, or "owner/name" or "owner/name@revision" of a Hub repository. A folder wins. Without
            a revision the main branch is asked; the commit that answers is in the returned name.
        kind: a checkpoint is a model repository, a gallery a dataset repository.

    Raises:
        HubError: if there is no such folder and the Hub has no such repository or can't be reached.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        return LocalFolder(path, path.resolve().name)
    match = _NAME.fullmatch(str(source))
    if path.is_file() or not match:
        raise HubError(
            f"There is no {kind} at {source}: expected a folder, or owner/name@revision on the Hugging Face "
            f"Hub"
        )
    return _download(match["name"], match["revision"], kind)


def _download(name: str, revision: str | None, kind: Kind) -> LocalFolder:
    asked = f"{name}@{revision}" if revision else name
    try:
        folder = snapshot_download(
            name, repo_type=REPOSITORY_TYPES[kind], revision=revision, allow_patterns=PATTERNS[kind]
        )
    except RevisionNotFoundError:
        raise HubError(
            f"The Hub's {name} has no revision {revision!r}: give a commit, tag or branch"
        ) from None
    except RepositoryNotFoundError:
        raise HubError(
            f"There is no folder {asked} here, and no {REPOSITORY_TYPES[kind]} repository of that name on "
            f"the Hub (or it is private and no token is set)"
        ) from None
    except Exception as error:  # the errors of huggingface_hub's HTTP client belong to none of its own kinds
        # offline, rate-limited, interrupted, or a local cache without this revision
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise HubError(
            f"There is no folder {asked} here, and it can't be fetched from the Hub: {reason}"
        ) from error
    path = Path(folder)
    return LocalFolder(path, f"{name}@{path.name[:8]}")  # a snapshot's folder is named by its commit
