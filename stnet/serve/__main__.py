"""python -m stnet.serve --gallery GALLERY --shards 3: serves a gallery from several machines."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from stnet.checkpoint import choose_source
from stnet.command_line import exit_code
from stnet.gallery.cutting import cut_gallery, shard_folders
from stnet.gallery.gallery import Gallery
from stnet.gallery.manifest import is_gallery
from stnet.hub.folders import local_folder
from stnet.search.remote.gallery import SCHEME, TOKEN
from stnet.serve import cluster
from stnet.serve.router import checked_token

DEFAULT_PORT = 8765
_NAME = "stnet"  # of the application


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stnet.serve",
        description=f"Serve a gallery from several machines, on Ray. Pages and commands search it by "
        f"STNET_GALLERY={SCHEME}HOST:PORT; they and this command take the same token from ${TOKEN}.",
    )
    parser.add_argument(
        "--gallery", required=True, type=Path, help="folder of shards, or with --shards of a gallery"
    )
    parser.add_argument(
        "--shards", type=int, help="cut the gallery into so many first, into GALLERY-shards (once)"
    )
    parser.add_argument(
        "--replicas", type=int, default=1, help="of each shard, as many at most as it needs (default 1)"
    )
    parser.add_argument(
        "--busy", type=float, default=2.0, help="questions at a time, above which a replica is added (2)"
    )
    parser.add_argument(
        "--checkpoint", help="folder or owner/name@revision (default $STNET_CHECKPOINT or assets/)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"default {DEFAULT_PORT}")
    parser.add_argument("--threads", type=int, default=1, help="for one search in one shard (default 1)")
    parser.add_argument(
        "--patience", type=float, default=2.0, help="seconds that shards may take for a step (default 2)"
    )
    parser.add_argument(
        "--deadline", type=float, default=10.0, help="seconds until a search ends, whatever happens (10)"
    )
    parser.add_argument(
        "--address", help="host:port of a Ray cluster's head (default: start one of this machine alone)"
    )
    parser.add_argument(
        "--placed",
        action="store_true",
        help="put a shard only where Ray was started with --resources '{\"shard-0000\": 1}'",
    )
    parser.add_argument("--temporary", type=Path, help="for Ray's logs and sockets, a short path")
    return parser


def _shards(folder: Path, shards: int | None) -> Path:
    """The folder of the shards, made now if they are wanted and not there yet."""
    if not is_gallery(folder):
        return folder
    if shards is None:
        raise ValueError(f"{folder} is one gallery: say with --shards into how many to cut it")
    target = folder.with_name(f"{folder.name}-shards")
    if not target.is_dir():
        gallery = Gallery.open(folder)
        cut_gallery(gallery, shards, target)
        gallery.close()
    if len(shard_folders(target)) != shards:
        raise ValueError(f"{target} has other shards: remove it, or leave --shards out")
    return target


def _serve(options: argparse.Namespace) -> None:
    token = checked_token(os.environ.get(TOKEN, ""))
    folder = _shards(options.gallery.resolve(), options.shards)
    checkpoint = local_folder(choose_source("checkpoint", options.checkpoint), "checkpoint").path.resolve()
    with cluster.joined(options.address, options.temporary) as (ray, head):
        from ray import serve  # after the settings that Ray reads when it is imported

        from stnet.serve import deployments

        settings = deployments.ServeSettings(
            checkpoint=str(checkpoint),
            folder=str(folder),
            token=token,
            replicas=options.replicas,
            busy=options.busy,
            threads=options.threads,
            patience=options.patience,
            deadline=options.deadline,
            placed=options.placed,
        )
        serve.start(http_options={"host": options.host, "port": options.port})
        serve.run(deployments.application(settings), name=_NAME, route_prefix="/")
        print(f"* STNET_GALLERY={SCHEME}{options.host}:{options.port}", flush=True)
        if options.address is None:
            print(f"* Ray cluster: {head}", flush=True)
            _wait()
            serve.shutdown()
        ray.shutdown()


def _wait() -> None:
    """Return when this process is told to stop."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code: 0, or 2 with one line on stderr."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: _serve(options))


if __name__ == "__main__":
    sys.exit(main())
