"""Pictures in a dataset that the `datasets` library reads: from the Hub, or a folder on this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huggingface_hub.constants import HF_HUB_CACHE

from index_builder.sources.entry import Entry, SourceError, json_values


class DatasetSource:
    """Rows of one split; `id` is the column of that name if there is one, else the row's number."""

    def __init__(self, images: str, split: str | None = None, column: str | None = None) -> None:
        """Load the dataset; see `open_source` for the arguments.

        Raises:
            SourceError: if `datasets` is not installed, or the dataset, split or column can't be found.
        """
        try:
            import datasets
        except ImportError as error:
            raise SourceError("Reading a dataset needs the datasets package: pip install datasets") from error
        name, _, revision = images.partition("@")
        local = Path(images).is_dir()
        self.name = Path(images).resolve().name if local else name
        rows, self._split = _choose_split(_load(images if local else name, revision or None), split, images)
        self._column = _image_column(rows.features, column, images)
        labels = {
            key: value.names for key, value in rows.features.items() if isinstance(value, datasets.ClassLabel)
        }
        self._labels: dict[str, list[str]] = labels
        unused = [
            key
            for key, value in rows.features.items()
            if isinstance(value, datasets.Image) and key != self._column
        ]
        # undecoded, so that one broken file is one skipped picture and not the end of the build
        self._rows = rows.remove_columns(unused).cast_column(self._column, datasets.Image(decode=False))
        own = [datasets.config.HF_DATASETS_CACHE, HF_HUB_CACHE, *([images] if local else [])]
        self._roots = [Path(folder).resolve() for folder in own]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Entry]:
        for number, row in enumerate(self._rows):
            picture = row.pop(self._column) or {}
            identifier = row.pop("id", None)
            for label, names in self._labels.items():
                if isinstance(row.get(label), int) and 0 <= row[label] < len(names):
                    row[label] = names[row[label]]
            yield Entry(
                f"{self._split}/{number:06d}" if identifier is None else str(identifier),
                picture.get("bytes") or self._own_file(picture.get("path")),
                json_values(row),
            )

    def _own_file(self, path: str | None) -> Path | None:
        """A picture that the dataset keeps as a file; one elsewhere on this machine is not its own."""
        if path is None:
            return None
        resolved = Path(path).resolve()
        return resolved if any(resolved.is_relative_to(root) for root in self._roots) else None


def _load(name: str, revision: str | None) -> Any:
    import datasets

    try:
        if (Path(name) / "state.json").is_file() or (Path(name) / "dataset_dict.json").is_file():
            return datasets.load_from_disk(name)
        return datasets.load_dataset(name, revision=revision)
    except Exception as error:  # datasets, huggingface_hub and Arrow each raise their own
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise SourceError(f"The dataset {name} can't be loaded: {reason}") from error


def _choose_split(loaded: Any, split: str | None, images: str) -> tuple[Any, str]:
    import datasets

    if isinstance(loaded, datasets.Dataset):
        return loaded, str(split or loaded.split or "all")
    names = list(loaded)
    chosen = split or ("train" if "train" in names else names[0] if len(names) == 1 else None)
    if chosen not in names:
        raise SourceError(f"{images} has the splits {names}: choose one with --split (got {split!r})")
    return loaded[chosen], str(chosen)


def _image_column(features: Any, wanted: str | None, images: str) -> str:
    import datasets

    able = [name for name, kind in features.items() if isinstance(kind, datasets.Image)]
    # a parquet file that another program wrote doesn't say that its bytes are pictures
    able = able or [name for name, kind in features.items() if isinstance(kind, dict) and "bytes" in kind]
    if wanted is not None:
        if wanted in features:
            return wanted
        raise SourceError(f"{images} has no column {wanted!r}; its columns are {list(features)}")
    if len(able) == 1:
        return str(able[0])
    raise SourceError(
        f"{images} has {len(able) or 'no'} image columns {able} among {list(features)}: choose one with "
        f"--image-column"
    )
