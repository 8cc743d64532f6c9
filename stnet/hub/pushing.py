"""A checkpoint or gallery from here to the Hugging Face Hub."""

from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from stnet.fingerprint import model_fingerprint
from stnet.gallery.manifest import check_files, read_manifest
from stnet.gallery.publishing import finish_publication
from stnet.hub.folders import PATTERNS, REPOSITORY_TYPES, HubError, Kind


def push(folder: Path, repository: str, kind: Kind, *, public: bool = False) -> str:
    """Check a checkpoint or gallery and upload it; needs a write token (`hf auth login`).

    Returns:
        the address of the new commit.

    Raises:
        ValueError: if the folder is not a whole checkpoint or gallery, or the Hub refuses.
    """
    if kind == "gallery":
        finish_publication(folder)  # a killed builder's last step; what is pushed lies in the folder itself
        check_files(folder, read_manifest(folder))
    else:
        model_fingerprint(folder)
    api, repo_type = HfApi(), REPOSITORY_TYPES[kind]
    try:
        api.create_repo(repository, repo_type=repo_type, private=not public, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repository,
            repo_type=repo_type,
            folder_path=folder,
            allow_patterns=PATTERNS[kind],
            commit_message=f"Upload {kind}",
        )
    except (OSError, HfHubHTTPError) as error:
        raise HubError(f"{folder} can't be pushed to {repository}: {str(error).strip()}") from error
    return str(commit.commit_url)
