"""The search for MCP clients, as streamable HTTP on /mcp beside the page.

Gradio's own MCP layer is left off: it tells clients to send web addresses, which this server never opens, and
answers in Python's notation instead of JSON.
"""

import logging
from typing import Any

from anyio import CapacityLimiter, to_thread
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import Tool
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from stnet.search import SearchError
from webapp.api.mcp_tools import SEARCH, call_tool, tools
from webapp.canvas import SketchError
from webapp.search_service import WAITING, Answerer, slots

PATH = "/mcp"
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
_log = logging.getLogger(__name__)


def mcp_app(answerer: Answerer, host: str) -> dict[str, Any]:
    """The keyword `app_kwargs` of Gradio's `launch` that adds MCP to the page.

    Args:
        host: the address that the server listens on. On this machine alone, requests under another name are
            refused: they come from a page in a browser that was led here.
    """
    sessions = StreamableHTTPSessionManager(
        _server(answerer), json_response=True, stateless=True, security_settings=_known_names(host)
    )

    class Endpoint:  # Starlette takes an object for an ASGI application, and a function for something else
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await sessions.handle_request(scope, receive, send)

    return {
        "routes": [Route(PATH, Endpoint(), methods=["POST"])],
        "lifespan": lambda app: sessions.run(),
    }


def _server(answerer: Answerer) -> Server[Any, Request]:
    server: Server[Any, Request] = Server("stnet", instructions=SEARCH.description)
    limiter = CapacityLimiter(slots())
    offered = tools(list(answerer.galleries))

    @server.list_tools()
    async def list_tools() -> list[Tool]:
        return offered

    @server.call_tool()
    async def call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        request = server.request_context.request
        assert request is not None  # every call comes over HTTP
        if limiter.statistics().tasks_waiting >= WAITING:
            raise SearchError("This server has too much to do: try again in a minute")
        try:
            return await to_thread.run_sync(call_tool, answerer, name, arguments, request, limiter=limiter)
        except (SearchError, SketchError):
            raise
        except Exception as error:
            _log.exception("An MCP client's call of %r failed", name)
            raise RuntimeError("The search failed on the server; its log says why") from error

    return server


def _known_names(host: str) -> TransportSecuritySettings:
    if host not in OWN_NAMES:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return TransportSecuritySettings(
        allowed_hosts=[f"{name}:*" for name in OWN_NAMES],
        allowed_origins=[f"http://{name}:*" for name in OWN_NAMES],
    )
