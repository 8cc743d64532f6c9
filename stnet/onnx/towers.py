"""One tower, run by ONNX Runtime."""

import numpy as np
import torch
from torch import Tensor, nn


class OnnxTower(nn.Module):
    """Stands where a tower of STNetModel stood, and gives the same but for rounding. For inference, on CPUs.

    torch's tower stays in it: the model's parameters are what they were. Threads may share it: each call adds
    its own thread to one pool of `threads - 1`, so that users who come together don't multiply them.

    Args:
        tower: torch's.
        network: its ONNX file, as `export_towers` makes it.
        threads: that compute one call.
    """

    def __init__(self, tower: nn.Module, network: bytes, threads: int) -> None:
        from onnxruntime import InferenceSession, SessionOptions  # an extra

        super().__init__()
        self.tower = tower
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # errors
        # a thread that waits by spinning takes the core that somebody else's search needs
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self._names = {one.name for one in self._session.get_inputs()}

    def forward(self, pixel_values: Tensor | None = None, **named: Tensor | None) -> Tensor:
        """What the tower takes -> what it gives, float32"""
        given = {"pixel_values": pixel_values, **named}
        feeds = {name: value.numpy() for name, value in given.items() if value is not None}
        if "attention_mask" in self._names - feeds.keys():
            feeds["attention_mask"] = np.ones_like(feeds["input_ids"])  # nothing is padding
        (found,) = self._session.run(None, feeds)
        return torch.from_numpy(found)
