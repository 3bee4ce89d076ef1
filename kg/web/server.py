"""Run the application with uvicorn on a socket of our own."""

import signal
import socket
import sys
from typing import NamedTuple

import uvicorn

from kg.errors import ServerError
from kg.web.app import Settings, create_app
from kg.web.connection import BoundedProtocol

_LONGEST_STOP_S = 10


class Address(NamedTuple):
    """Where to listen.

    Attributes:
        host: Name or address of an interface.
        port: 0 for any that is free.
        root_path: Path under which a reverse proxy shows the server, without a slash at its end.
        trusted_proxy: Address whose ``X-Forwarded-*`` headers are believed; None believes nobody.
    """

    host: str
    port: int
    root_path: str = ""
    trusted_proxy: str | None = None


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server((address.host, address.port), family=family, backlog=1024)
    except OSError as error:
        raise ServerError(f"cannot listen on {address.host}:{address.port}: {error.strerror or error}") from error
    # Connections inherit it. asyncio sets it only on sockets that name their protocol, and without it each answer waits
    # 40 ms for an acknowledgement that the client delays.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    """Says where it is once it can answer."""

    shown = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"stkg: serving on {self.shown} (SPARQL at {self.shown}sparql)", file=sys.stderr, flush=True)


def serve(address: Address, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT.

    Returns:
        The exit status.

    Raises:
        ServerError: The address cannot be used.
    """
    listener = _listen(address)
    config = uvicorn.Config(
        create_app(settings),
        http=BoundedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        root_path=address.root_path,
        proxy_headers=address.trusted_proxy is not None,
        forwarded_allow_ips=address.trusted_proxy or "",
        limit_concurrency=1000,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=_LONGEST_STOP_S,
    )
    server = _Server(config)
    host, port = listener.getsockname()[:2]
    server.shown = f"http://{f'[{host}]' if ':' in host else host}:{port}{address.root_path}/"
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn stops, and then sends itself the signal again: a stop that was asked for is no failure.
        signal.signal(number, lambda *_: None)
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
    return 0 if server.started else 3
