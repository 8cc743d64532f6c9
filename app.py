"""The demo: `python app.py` opens the page on http://127.0.0.1:7860.

Environment: PORT; MCP=1 to serve MCP clients on /mcp too; STNET_GALLERY, one gallery or several with commas
between them; STNET_CHECKPOINT and STNET_DEVICE as stnet.search describes them; STNET_ONNX=0 to encode with
torch alone; GRADIO_SERVER_NAME to listen on more than this machine; GRADIO_TEMP_DIR for uploads elsewhere
than in a temporary folder that goes with the process; STNET_CACHE for what is made once and kept (default:
stnet in the user's cache folder).
"""

import webapp.accelerator  # noqa: F401, I001 - must be the first to be imported

import os
import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

# Nothing of a visitor or of this machine goes anywhere. Gradio reads this when it is imported.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from webapp.environment import check_address, no_proxy, private_uploads
from webapp.renewing import Renewals
from webapp.stopping import Stops

if TYPE_CHECKING:
    from stnet.search import SearchEngine
    from webapp.search_service import Answerer

DEFAULT_PORT = 7860


def chosen_port() -> int:
    """PORT, or 7860.

    Raises:
        ValueError: if PORT is not a port.
    """
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"PORT must be a whole number from 1 to 65535, got {text!r}")
    return int(text)


def address_to_listen_on() -> str:
    """Only this machine, unless it is a Space (which is reached from outside) or somebody asks for more."""
    return os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1")


def wants_mcp() -> bool:
    """MCP, which is 1 or 0.

    Raises:
        ValueError: if it is anything else, or if what it needs isn't installed.
    """
    text = os.environ.get("MCP") or "0"
    if text not in ("0", "1"):
        raise ValueError(f"MCP must be 1 or 0, got {text!r}")
    if text == "1" and find_spec("mcp") is None:
        raise ValueError("MCP=1 needs the package mcp: .venv/bin/python -m pip install -e '.[mcp]'")
    return text == "1"


def open_engines() -> "list[SearchEngine]":
    """One engine for each gallery, in the order in which they were named; all share one model.

    Raises:
        ValueError: if the checkpoint or a gallery is missing or damaged, or they don't belong together.
    """
    from stnet.checkpoint import choose_galleries
    from stnet.search import SearchEngine
    from stnet.search.opening import open_gallery

    first, *others = choose_galleries()
    engine = SearchEngine.from_pretrained(gallery=first)
    return [engine, *(engine.on(open_gallery(other)) for other in others)]


def prepare(answerer: "Answerer") -> None:
    """Compile what searches compute with, measure what a close match needs, and find out what can be hunted.

    The page is there meanwhile. At the first start on a machine that takes many seconds, later a few. Who
    comes then waits for a part of it, and makes up for what fails.
    """
    from stnet.model.scoring_kernel import warm
    from webapp.hunt.findable import findable_rows

    try:
        warm()
        answerer.calibrate()
        if answerer.engine.gallery.is_here:
            findable_rows(answerer)
    except Exception as error:  # ZeroGPU may lend nothing yet; a file that can't be read fails searches, too
        print(f"* Not prepared yet: {' '.join(str(error).split())}", file=sys.stderr)


def serve(stops: Stops, renewals: Renewals) -> None:
    """Start the page and serve it until the process is stopped.

    Raises:
        ValueError, OSError: if it can't be served.
    """
    host, port, mcp = address_to_listen_on(), chosen_port(), wants_mcp()
    check_address(host, port)
    import torch  # takes seconds: errors above come at once

    # for each search: more cores serve more of them, and torch's threads would wait for each other busily
    torch.set_num_threads(1)
    engines = open_engines()
    with private_uploads(), no_proxy():
        from webapp.page import build, launch_options
        from webapp.search_service import Answerer

        answerer, options = Answerer(*engines), launch_options()
        answerer.recall()
        if mcp:
            from webapp.api.mcp_server import PATH, mcp_app

            options["app_kwargs"] |= mcp_app(answerer, host)
            print(f"* MCP clients: http://{host}:{port}{PATH}")
        page = build(answerer)
        renewals.begin(answerer.renew)
        page.launch(server_name=host, server_port=port, prevent_thread_lock=True, **options)
        preparing = threading.Thread(target=prepare, args=(answerer,), name="preparing")
        preparing.start()
        stops.wait()
        page.close(verbose=False)
        preparing.join()  # no thread that computes may outlive the interpreter


def main() -> int:
    """Serve the page until it is stopped; 1 if it can't be served, with the reason on one line."""
    with Stops() as stops, Renewals() as renewals:
        try:
            serve(stops, renewals)
        except (ValueError, OSError) as error:
            print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
