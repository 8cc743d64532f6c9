"""Where the files that this server hands out can be fetched."""

from urllib.parse import quote

from starlette.requests import Request


def file_address(base: str, path: str) -> str:
    """The address of a file from a server whose own address is `base`."""
    return f"{base}/gradio_api/file={quote(path)}"


def base_address(request: Request) -> str:
    """The server's address as the caller knows it: behind a proxy, the one that the proxy names."""
    headers, url = request.headers, request.url
    scheme = headers.get("x-forwarded-proto", url.scheme).split(",")[0].strip()
    host = headers.get("x-forwarded-host", headers.get("host", url.netloc)).split(",")[0].strip()
    return f"{scheme}://{host}{request.scope.get('root_path', '').rstrip('/')}"
