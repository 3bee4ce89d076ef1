"""Endpoints that answer well, badly or never, as threads of the test process."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox

RESULTS = "application/sparql-results+json"
Behaviour = Callable[["Handler", str], None]


class Endpoint(ThreadingHTTPServer):
    """One server; its paths are kinds of behaviour."""

    daemon_threads = True

    def __init__(self, store: ox.Store, behaviours: dict[str, Behaviour]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store, self.behaviours = store, behaviours
        self.hits: list[tuple[str, str]] = []
        self.go_on = threading.Event()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: Any) -> None:
        """A client that leaves is no news."""


class Handler(BaseHTTPRequestHandler):
    """Takes queries as forms."""

    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        query = parse_qs(body, strict_parsing=True)["query"][0]
        self.server.hits.append((self.path, query))
        self.server.behaviours.get(self.path, evaluate)(self, query)

    def do_GET(self) -> None:
        self.server.hits.append((self.path, "GET"))
        self.send(b"")

    def send(self, body: bytes, kind: str = RESULTS, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def evaluate(handler: Handler, query: str) -> None:
    """Answer from the store."""
    try:
        found = handler.server.store.query(query)
    except SyntaxError as error:
        handler.send(str(error).encode(), "text/plain", 400)
        return
    assert isinstance(found, ox.QuerySolutions)
    handler.send(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")


def says(body: bytes, kind: str = RESULTS, status: int = 200, **headers: str) -> Behaviour:
    """Always the same answer."""
    return lambda handler, _: handler.send(body, kind, status, **headers)


def rows(*values: dict[str, Any], name: str = "x") -> bytes:
    """Results with one variable."""
    found = {"head": {"vars": [name]}, "results": {"bindings": [{name: value} for value in values]}}
    return json.dumps(found).encode()


def wait(handler: Handler, _query: str) -> None:
    """Say nothing until the test lets go."""
    handler.server.go_on.wait(20)
    handler.send(rows())


def drip(handler: Handler, _query: str) -> None:
    """Send headers without end, a few bytes at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: y\r\n".encode())
        time.sleep(0.1)


@contextmanager
def serving(endpoint: Endpoint) -> Iterator[Endpoint]:
    """Run it."""
    thread = threading.Thread(target=endpoint.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.go_on.set()
        endpoint.shutdown()
        thread.join()
        endpoint.server_close()
