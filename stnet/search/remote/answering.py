"""Methods of an engine that the gallery's own server answers, where it has one."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from stnet.gallery.gallery import Gallery
from stnet.search.remote.gallery import RemoteGallery
from stnet.search.results import SearchResponse


class HasGallery(Protocol):
    """An engine."""

    gallery: Gallery


Engine = TypeVar("Engine", bound=HasGallery)
Parameters = ParamSpec("Parameters")
Method = Callable[Concatenate[Engine, Parameters], SearchResponse]


def answered_where_it_lies(method: Method[Engine, Parameters]) -> Method[Engine, Parameters]:
    """Send a method's arguments, by name, to the server of the gallery; without one the method answers."""
    names = inspect.signature(method)

    @wraps(method)
    def answer(
        engine: Engine, /, *arguments: Parameters.args, **options: Parameters.kwargs
    ) -> SearchResponse:
        if not isinstance(engine.gallery, RemoteGallery):
            return method(engine, *arguments, **options)
        _, *asked = names.bind(engine, *arguments, **options).arguments.items()
        return engine.gallery.ask(method.__name__, dict(asked))

    return answer
