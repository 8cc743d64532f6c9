"""ZeroGPU, where there is one.

Import this before anything that may touch CUDA: `spaces` insists on being first.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

try:
    import spaces
except ImportError:  # only a Space is sure to have it
    spaces = None

SECONDS = 10  # what one search asks of the visitor's GPU quota; a small number queues better

SearchFunction = TypeVar("SearchFunction", bound=Callable[..., Any])


def on_accelerator(function: SearchFunction) -> SearchFunction:
    """Run `function` on the GPU that ZeroGPU lends for its duration; anywhere else, the function itself."""
    return function if spaces is None else cast(SearchFunction, spaces.GPU(duration=SECONDS)(function))
