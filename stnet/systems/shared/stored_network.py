"""A network that a system trains: written with its sizes, and read again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Self

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn


class StoredNetwork(nn.Module):
    """Made of its sizes alone, a frozen dataclass.

    Attributes:
        name: of its files, NAME.json and NAME.safetensors, and of the configuration that trains it.
        called: what people call it.
        sizes_type: of `sizes`.
    """

    name: ClassVar[str]
    called: ClassVar[str]
    sizes_type: ClassVar[type]
    sizes: Any

    def save(self, folder: Path) -> None:
        """Write the weights and their sizes."""
        folder.mkdir(parents=True, exist_ok=True)
        sizes = json.dumps(asdict(self.sizes), indent=1)
        (folder / f"{self.name}.json").write_text(sizes + "\n", encoding="utf-8")
        weights = {name: value.contiguous() for name, value in self.state_dict().items()}
        save_file(weights, folder / f"{self.name}.safetensors")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises ValueError if the folder holds no whole network."""
        try:
            sizes = json.loads((folder / f"{cls.name}.json").read_text(encoding="utf-8"))
            network = cls(cls.sizes_type(**sizes))
            network.load_state_dict(load_file(folder / f"{cls.name}.safetensors"))
        except (OSError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ValueError(
                f"{folder} holds no trained {cls.called} ({reason}): train it with "
                f"`python -m stnet.systems.train --config configs/systems/{cls.name}.yaml`"
            ) from error
        return network.eval()
