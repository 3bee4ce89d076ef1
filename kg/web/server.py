"""Run the application with uvicorn on a socket of our own."""

import asyncio
import os
import resource
import signal
import socket
import sys
from typing import NamedTuple

import uvicorn

from kg.errors import ServerError
from kg.web.app import Settings
from kg.web.connection import BoundedProtocol
from kg.web.reload import Serving

_LONGEST_STOP_S = 10
_CONNECTIONS = 1000
_FILES = 4 * _CONNECTIONS


class Address(NamedTuple):
    """Where to listen.

    Attributes:
        host: Name or address of an interface.
        port: 0 for any that is free.
        trusted_proxy: Address whose ``X-Forwarded-*`` headers are believed; None believes nobody.
    """

    host: str
    port: int
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


def _allow_many_files() -> None:
    """Connections and workers are files: take what the system lets us have."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = _FILES if most == resource.RLIM_INFINITY else min(most, _FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


class _Server(uvicorn.Server):
    """Says where it is once it can answer, and reloads on SIGHUP."""

    def __init__(self, config: uvicorn.Config, serving: Serving, shown: str) -> None:
        super().__init__(config)
        self._serving, self.shown = serving, shown
        self._had_terminal = _has_terminal()

    def _hung_up(self) -> None:
        # The same signal says that the terminal is gone, and then nobody is left to stop us.
        if self._had_terminal and not _has_terminal():
            self.should_exit = True
        else:
            self._serving.reload()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._hung_up)
            print(f"stkg: serving on {self.shown} (SPARQL at {self.shown}sparql)", file=sys.stderr, flush=True)


def serve(address: Address, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT.

    Returns:
        The exit status.

    Raises:
        ServerError: The address cannot be used.
    """
    listener = _listen(address)
    BoundedProtocol.proxy = address.trusted_proxy
    _allow_many_files()
    serving = Serving(settings)
    config = uvicorn.Config(
        serving,
        http=BoundedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        root_path=settings.root_path,
        proxy_headers=address.trusted_proxy is not None,
        forwarded_allow_ips=address.trusted_proxy or "",
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=_LONGEST_STOP_S,
    )
    host, port = listener.getsockname()[:2]
    server = _Server(config, serving, f"http://{f'[{host}]' if ':' in host else host}:{port}{settings.root_path}/")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn stops, and then sends itself the signal again: a stop that was asked for is no failure.
        signal.signal(number, lambda *_: None)
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
    return 0 if server.started else 3
