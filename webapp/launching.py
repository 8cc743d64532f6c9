"""How the page is started, wherever it is served."""

from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from webapp.arrivals import Arrivals
from webapp.examples import icon_style, load_examples
from webapp.files.guard import FileGuard
from webapp.files.incoming import BoundedRequests
from webapp.theme import theme

CSS = Path(__file__).resolve().parent / "page.css"
# Gradio keeps 0.12 MB of this page for each visitor, and a call over HTTP is a visitor of its own. Who comes
# after as many others has lost no more than the way back from Clear.
MOST_SESSIONS = 1000
LEAST_COMPRESSED = 1000  # bytes; streams of events and pictures go as they are


def launch_options() -> dict[str, Any]:
    """Keyword arguments of `launch` that belong to this page."""
    return {
        "css": "\n".join(icon_style(place, example) for place, example in enumerate(load_examples())),
        "css_paths": [CSS],
        "theme": theme(),
        "max_file_size": "8mb",
        "show_error": False,
        "share": False,
        "ssr_mode": False,
        "enable_monitoring": False,
        "run_history": False,
        "state_session_capacity": MOST_SESSIONS,
        "mcp_server": False,  # ours is in mcp_server.py
        "footer_links": ["api"],
        "app_kwargs": {
            "middleware": [
                Middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED, compresslevel=6),
                Middleware(FileGuard, uploads=Path(get_upload_folder())),
                Middleware(BoundedRequests),
                Middleware(Arrivals),
            ]
        },
    }
