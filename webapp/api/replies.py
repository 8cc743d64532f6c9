"""An answer as machines read it: JSON with the addresses of the pictures."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from webapp.search_service import Answer


def reply(answer: Answer, request: Request, *, heatmaps: bool = True) -> dict[str, Any]:
    """The answer to `request`; its pictures can be fetched from where the request was sent to.

    Args:
        heatmaps: paint them, too; without, `heatmap_addresses` can still be asked for.
    """
    base = _base_address(request)
    return answer.response.to_dict(
        [_address(base, path) for path in answer.pictures],
        heatmap_addresses(answer, base) if heatmaps else None,
    )


def heatmap_addresses(answer: Answer, base: str) -> list[str | None]:
    """Where the answer's heat maps can be fetched from a server whose address is `base`; this paints them."""
    return [None if path is None else _address(base, path) for path in answer.paint_heatmaps()]


def _address(base: str, path: str) -> str:
    return f"{base}/gradio_api/file={quote(path)}"


def _base_address(request: Request) -> str:
    """The server's address as the caller knows it: behind a proxy, the one that the proxy names."""
    headers, url = request.headers, request.url
    scheme = headers.get("x-forwarded-proto", url.scheme).split(",")[0].strip()
    host = headers.get("x-forwarded-host", headers.get("host", url.netloc)).split(",")[0].strip()
    return f"{scheme}://{host}{request.scope.get('root_path', '').rstrip('/')}"
