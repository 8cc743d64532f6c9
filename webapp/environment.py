"""What this process needs of the machine around it, whatever is set there for other programs."""

import errno
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.files.process_folder import ProcessFolder

UPLOADS = "GRADIO_TEMP_DIR"
UPLOADS_PREFIX = "stnet-uploads-"  # of folders in the system's temporary folder


@contextmanager
def private_uploads() -> Iterator[None]:
    """Have what is uploaded and shown lie in a folder of this process alone, until the end of the block.

    Gradio's own choice, gradio in the temporary folder, may be another user's. Where GRADIO_TEMP_DIR names a
    folder, that one is taken. Enter this before Gradio makes a component.
    """
    if os.environ.get(UPLOADS):
        yield
        return
    folder = ProcessFolder(Path(tempfile.gettempdir()).resolve(), UPLOADS_PREFIX)
    try:
        with _set(UPLOADS, str(folder.path)):
            yield
    finally:
        folder.delete()
        shutil.rmtree(folder.path, ignore_errors=True)  # an upload that came meanwhile makes it anew


@contextmanager
def no_proxy() -> Iterator[None]:
    """Ask no proxy until the end of the block: a server that has started talks to nobody but itself.

    Gradio asks itself whether it answers. A company's proxy can't say.
    """
    with _set("no_proxy", "*"), _set("NO_PROXY", "*"):
        yield


def check_address(host: str, port: int) -> None:
    """Find out now whether the page can be served there, rather than when the model is loaded.

    Raises:
        ValueError: if it can't; the text names the variable to change, PORT or GRADIO_SERVER_NAME.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, _, _, address = found[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise ValueError(
                f"GRADIO_SERVER_NAME must be an address of this machine, got {host!r} ({error.strerror})"
            ) from error
        raise ValueError(
            f"The page can't be served on port {port} ({error.strerror}): set PORT to another"
        ) from error


@contextmanager
def _set(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
