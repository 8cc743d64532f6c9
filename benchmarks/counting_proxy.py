"""What a browser and a server send each other, counted between them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer

HOST = "127.0.0.1"
CHUNK = 1 << 16


class CountingProxy(ThreadingTCPServer):
    """Hands every byte on and counts it: heads and event streams too, which a browser reports in part only.

    Attributes:
        up, down: bytes so far, from the browser and to it.
    """

    daemon_threads = True
    request_queue_size = 64  # a browser opens several connections at once

    def __init__(self, port: int) -> None:
        """For the server that listens on `port` of this machine."""
        super().__init__((HOST, 0), _Connection)
        self.behind = (HOST, port)
        self.up = self.down = 0
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """Where a browser goes instead of to the server."""
        return f"http://{HOST}:{self.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve in a thread of its own until the end of the block."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()

    def count(self, up: int = 0, down: int = 0) -> None:
        """Add bytes that were handed on."""
        with self._lock:
            self.up += up
            self.down += down


class _Connection(BaseRequestHandler):
    """One connection of the browser, and its own one to the server."""

    server: CountingProxy
    request: socket.socket

    def handle(self) -> None:
        browser = self.request
        with socket.create_connection(self.server.behind) as server:
            for end in (browser, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._hand_on, args=(server, browser, "down"), daemon=True)
            back.start()
            self._hand_on(browser, server, "up")
            back.join()

    def _hand_on(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        try:
            while chunk := source.recv(CHUNK):
                self.server.count(**{way: len(chunk)})
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)
        except OSError:  # one of them has gone: so has the connection
            source.close()
            sink.close()
