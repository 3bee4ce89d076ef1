"""One HTTP exchange: to a checked address, limited in time and size, without redirects, cookies or proxies."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, SSLError

from kg.enrich.addresses import Resolve, public_addresses
from kg.enrich.pace import Clock
from kg.errors import FetchError

_CONNECT: Final = 10.0
_CHUNK: Final = 65_536


class BrokenExchangeError(FetchError):
    """The exchange broke off: no connection, no answer in time, or half an answer. Asking again may help."""

    code = "fetch-broken"


class TooMuchError(FetchError):
    """The answer is longer than is read, or the server says that it is not all."""

    code = "fetch-too-much"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a server answered.

    Attributes:
        headers: By lower-case name.
        body: Decoded from gzip or deflate, at most as long as was allowed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Cutter:
    """Cuts the connections of a transport from another thread: a server that drips resets every limit of a read.

    Attributes:
        has_cut: Whether it was used.
    """

    def __init__(self) -> None:
        self.has_cut = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def note(self, connection: socket.socket) -> None:
        """Take a new connection, which is cut at once when it comes too late."""
        with self._lock:
            self._sockets.append(connection)
            late = self.has_cut
        if late:
            _shut(connection)

    def cut(self) -> None:
        """Cut all connections there are and will be."""
        with self._lock:
            self.has_cut = True
            found = list(self._sockets)
        for connection in found:
            _shut(connection)


def _shut(connection: socket.socket) -> None:
    # Of the plain socket: TLS would tear its state away under the thread that reads.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _noting(kind: Any, cutter: Cutter) -> Any:
    """A class of connections that tells the cutter of each."""

    def connect(self: Any) -> None:
        kind.connect(self)
        cutter.note(self.sock)

    return type(kind.__name__, (kind,), {"connect": connect})


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass
class Transport:
    """Speak HTTP with one machine at a time.

    Attributes:
        clock: Measures the time of an exchange.
        read_timeout: Seconds without a byte.
        total_timeout: Seconds for the whole answer, for servers that drip.
        resolve: From host and port to IP addresses; refuses private ones.
        cutter: Can end an exchange from outside; None when nobody will.
    """

    clock: Clock
    read_timeout: float = 30.0
    total_timeout: float = 120.0
    resolve: Resolve = public_addresses
    cutter: Cutter | None = None
    _pools: dict[tuple[str, str, int, str], urllib3.HTTPConnectionPool] = field(default_factory=dict)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        max_bytes: int,
        trusted: bool = False,
        body: bytes | None = None,
    ) -> Exchange:
        """Send one request.

        Args:
            method: ``GET``, ``HEAD`` or ``POST``.
            url: Whole address.
            headers: Headers of the request.
            max_bytes: Longest body that is read.
            trusted: The user named this machine; it may be private.
            body: What to send.

        Raises:
            BrokenExchangeError: Asking again may help.
            FetchError: Asking again would not.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise FetchError(f"{url!r} is not a web address")
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise FetchError(f"{url!r} is not a web address") from error
        address = parts.hostname if trusted else self.resolve(parts.hostname, port)[0]
        pool = self._pool(parts.scheme, parts.hostname, port, address)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {**headers, "Host": parts.netloc.rpartition("@")[2], "Accept-Encoding": "gzip, deflate"}
        try:
            response = pool.urlopen(
                method,
                target,
                body,
                sent,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=True,
            )
            try:
                content = self._read(response, max_bytes)
            finally:
                response.close()
        except SSLError as error:
            raise FetchError(f"{parts.hostname} has no certificate that can be trusted: {error}") from error
        except (HTTPError, OSError) as error:
            raise BrokenExchangeError(f"{parts.hostname} did not answer: {_reason(error)}") from error
        return Exchange(response.status, {k.lower(): v for k, v in response.headers.items()}, content)

    def _pool(self, scheme: str, host: str, port: int, address: str) -> urllib3.HTTPConnectionPool:
        key = (scheme, host, port, address)
        if key not in self._pools:
            timeout = urllib3.Timeout(connect=_CONNECT, read=self.read_timeout)
            if scheme == "https":
                # Connected by IP address, so that the name is not looked up twice; the certificate is the name's.
                self._pools[key] = urllib3.HTTPSConnectionPool(
                    address, port, timeout=timeout, ssl_context=_context(), server_hostname=host, assert_hostname=host
                )
            else:
                self._pools[key] = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
            if self.cutter is not None:
                pool = self._pools[key]
                pool.ConnectionCls = _noting(pool.ConnectionCls, self.cutter)
        return self._pools[key]

    def _read(self, response: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
        deadline = self.clock.monotonic() + self.total_timeout
        parts: list[bytes] = []
        size = 0
        while chunk := response.read1(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > max_bytes:
                raise TooMuchError(f"the answer is larger than {max_bytes // 1000} kB")
            if self.clock.monotonic() > deadline:
                raise BrokenExchangeError(f"the answer took more than {self.total_timeout:g} s")
            parts.append(chunk)
        return b"".join(parts)


def _reason(error: Exception) -> str:
    """The kind of fault; the texts of urllib3 hold addresses of objects, which would differ from run to run."""
    names = {
        "ConnectTimeoutError": "no connection in time",
        "ReadTimeoutError": "nothing came in time",
        "NewConnectionError": "no connection",
        "IncompleteRead": "half an answer",
        "ProtocolError": "the connection broke",
        "DecodeError": "the compressed answer is damaged",
    }
    return names.get(type(error).__name__, type(error).__name__)
