"""The Ray Serve application: a deployment for each shard, and the router that pages ask.

A search is a handful of small messages: the query's vectors go out, rows and scores come back, and of the
pictures that are shown everything. What travels inside the cluster is pickled by Ray: nobody but the cluster
may reach its ports, and its token keeps out who can.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch
from ray import serve
from ray.serve.handle import DeploymentHandle
from starlette.requests import Request
from starlette.responses import JSONResponse

from stnet.cache import cache_folder
from stnet.checkpoint import choose_device
from stnet.gallery.cutting import shard_folders
from stnet.gallery.manifest import Manifest
from stnet.model.scoring_kernel import warm
from stnet.onnx.loading import load_fast
from stnet.search.sharding.asking import Pending
from stnet.search.sharding.engine import AT_A_TIME, ShardedEngine
from stnet.search.sharding.shard import Shard
from stnet.serve.router import Router

_HEALTH = {"health_check_period_s": 5.0, "health_check_timeout_s": 60.0}
_FIRST_ANSWER = 600.0  # seconds until every shard must be there
_UPSCALE_DELAY = 5.0  # seconds that a shard must be busy
_QUEUED = 128  # requests that may wait for the router; who comes then hears that it is busy


@dataclass(frozen=True)
class ServeSettings:
    """How a gallery is served.

    Attributes:
        checkpoint: folder of the model, on the router's machine.
        folder: of the shards; each machine that may hold one must have it there.
        token: what pages must know.
        replicas: of each shard, as many at most as searches ask for.
        busy: questions at a time in a replica, above which another one is started.
        threads: that one search may use in a shard.
        patience, deadline: seconds, see ShardedEngine.
        placed: keep each shard on machines that were started with a resource of its name, "shard-0000".
    """

    checkpoint: str
    folder: str
    token: str = field(repr=False)
    replicas: int = 1
    busy: float = 2.0
    threads: int = 1
    patience: float = 2.0
    deadline: float = 10.0
    placed: bool = False


class ShardReplica:
    """Holds one shard's slice, and scores it where it is."""

    def __init__(self, folder: str, threads: int) -> None:
        torch.set_num_threads(threads)
        warm()
        self._shard = Shard.open(folder)
        self._shard.prepare()

    async def ask(self, method: str, *arguments: Any) -> Any:
        """One of the methods of Shard; others go on meanwhile."""
        return await asyncio.to_thread(getattr(self._shard, method), *arguments)


class HandledShard:
    """A shard that Ray Serve finds a replica of for each question."""

    def __init__(self, handle: DeploymentHandle) -> None:
        """Wait until it answers: Ray looks for replicas when it is first asked, which takes long."""
        self._handle = handle
        self.manifest: Manifest = self.ask("manifest").result(_FIRST_ANSWER)

    def ask(self, method: str, *arguments: Any) -> Pending:
        return _Answer(self._handle.ask.remote(method, *arguments))


class _Answer:
    def __init__(self, response: Any) -> None:
        self._response = response

    def result(self, timeout: float) -> Any:
        try:
            return self._response.result(timeout_s=timeout)
        except TimeoutError:
            self._response.cancel()
            raise


class Ingress:
    """The router's HTTP door. It encodes, asks the shards, and merges what they say."""

    def __init__(self, settings: ServeSettings, *handles: DeploymentHandle) -> None:
        torch.set_num_threads(settings.threads)
        self._pool = ThreadPoolExecutor(AT_A_TIME)  # nobody may wait for shards where Ray's event loop runs
        engine = ShardedEngine(
            load_fast(settings.checkpoint, choose_device()),
            [*self._pool.map(HandledShard, handles)],
            folder=Path(settings.folder),
            patience=settings.patience,
            deadline=settings.deadline,
        )
        self._router = Router(engine, settings.token)
        self._pool.submit(engine.calibrate, cache_folder()).result()

    async def __call__(self, request: Request) -> JSONResponse:
        """One request of a page."""
        authorization = request.headers.get("authorization", "")
        work = partial(self._router.answer, request.url.path, authorization, await request.body())
        reply = await asyncio.get_running_loop().run_in_executor(self._pool, work)
        return JSONResponse(reply.content, reply.status)


def application(settings: ServeSettings) -> serve.Application:
    """The application of a gallery that was cut into shards.

    Raises:
        GalleryError: if the folder's shards aren't whole.
    """
    folders = shard_folders(Path(settings.folder))
    shards = [_shard(folder, settings) for folder in folders]
    deployed = serve.deployment(
        max_ongoing_requests=AT_A_TIME,
        max_queued_requests=_QUEUED,
        ray_actor_options={"num_cpus": 0},
        **_HEALTH,
    )
    return deployed(Ingress).bind(settings, *shards)


def _shard(folder: Path, settings: ServeSettings) -> serve.Application:
    # a shard is bound by its memory and disk, not by a share of cores that Ray would count
    options: dict[str, Any] = {"num_cpus": 0}
    if settings.placed:
        options["resources"] = {folder.name: 0.001}
    # to deploy again with another number would start every replica anew
    scaling = {
        "min_replicas": 1,
        "max_replicas": settings.replicas,
        "target_ongoing_requests": settings.busy,
        "upscale_delay_s": _UPSCALE_DELAY,
    }
    deployed = serve.deployment(
        name=folder.name,
        max_ongoing_requests=2 * AT_A_TIME,
        autoscaling_config=scaling,
        ray_actor_options=options,
        **_HEALTH,
    )
    return deployed(ShardReplica).bind(str(folder), settings.threads)
