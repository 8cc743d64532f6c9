"""The proxy hands on what it gets, unchanged, and counts it."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from benchmarks.counting_proxy import HOST, CountingProxy

BODY = bytes(range(256)) * 1000  # more than one chunk


class Echo(BaseHTTPRequestHandler):
    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def echo_port():
    with HTTPServer((HOST, 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_bytes_arrive_unchanged_and_are_counted_with_their_heads(echo_port):
    proxy = CountingProxy(echo_port)
    with proxy.running():
        connection = http.client.HTTPConnection(proxy.address.removeprefix("http://"), timeout=30)
        connection.request("POST", "/", BODY)
        assert connection.getresponse().read() == BODY
        connection.close()
        assert len(BODY) < proxy.up < len(BODY) + 1000
        assert len(BODY) < proxy.down < len(BODY) + 1000
