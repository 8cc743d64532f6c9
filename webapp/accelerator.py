"""ZeroGPU, where there is one.

Import this before anything that may touch CUDA: `spaces` insists on being first.

ZeroGPU runs a function in a process of its own, which it forks from this one and may end after the call. So
arguments and results are pickled, and what the function changes in memory is lost: everything that is to stay
must be in its result.
"""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar, cast

try:
    import spaces
except ImportError:  # only a Space is sure to have it
    spaces = None

SECONDS = 10  # what one search asks of the visitor's GPU quota; a small number queues better

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class _Refused(NamedTuple):
    """An error on its way back: ZeroGPU would send "ZeroGPU worker error" instead of what it says."""

    error: ValueError | OSError


def on_accelerator(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Run `function` on the GPU that ZeroGPU lends for its duration; anywhere else, the function itself.

    Refusals of the input, which are ValueErrors, and OSErrors are raised here as they were raised there.
    """
    if spaces is None:
        return function

    @wraps(function)
    def guarded(*args: Asked.args, **options: Asked.kwargs) -> Answer | _Refused:
        try:
            return function(*args, **options)
        except (ValueError, OSError) as error:
            return _Refused(error)

    lent = cast(Callable[Asked, Answer | _Refused], spaces.GPU(duration=SECONDS)(guarded))

    @wraps(function)
    def call(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        answer = lent(*args, **options)
        if isinstance(answer, _Refused):
            raise answer.error
        return answer

    return call
