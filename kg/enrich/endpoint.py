"""Ask a SPARQL endpoint that the operator of a server has listed."""

import ipaddress
import re
import threading
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode

from kg.enrich.addresses import Resolve, public_addresses
from kg.enrich.pace import SystemClock
from kg.enrich.transport import Cutter, Exchange, TooMuchError, Transport
from kg.errors import EnrichError, FetchError
from kg.version import __version__

__all__ = ["Endpoint", "TooMuchError", "ask_endpoint", "is_listed", "read_endpoint"]

MAX_BYTES: Final = 4_000_000
_RESULTS: Final = "application/sparql-results+json"
_JSON: Final = frozenset({_RESULTS, "application/json"})
_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9/._~!$&'()*+,;=:%-]*)?",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
# How an endpoint says that there is more than it sent.
_CUT: Final = ("stkg-truncated", "x-sparql-maxrows")


class Endpoint(NamedTuple):
    """The address of an endpoint, or of all endpoints of a server.

    Attributes:
        scheme: ``http`` or ``https``.
        host: Lower-case name, or IP address, in brackets where it is of version 6.
        port: Also where the scheme implies it.
        path: From the slash on; ``""`` in a list stands for any.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """As people write it."""
        implied = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{self.host}" + ("" if implied else f":{self.port}")

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address or ``localhost``: whoever lists it knows where it leads."""
        return self.host == "localhost" or _is_ip(self.host)


def _is_ip(host: str) -> bool:
    try:
        return str(ipaddress.ip_address(host.strip("[]"))) == host.strip("[]")
    except ValueError:
        return False


def read_endpoint(text: str) -> Endpoint:
    """Read an address, strictly: no user, no query, no fragment, no other spelling of an IP address.

    Raises:
        EnrichError: It is not such an address.

    Example:
        >>> read_endpoint("https://SPARQL.example.org/sparql")
        Endpoint(scheme='https', host='sparql.example.org', port=443, path='/sparql')
    """
    found = _ADDRESS.fullmatch(text)
    if found is not None:
        scheme, host = found["scheme"].lower(), found["host"].lower()
        port = int(found["port"] or (443 if scheme == "https" else 80))
        if (_is_ip(host) or _NAME.fullmatch(host)) and 0 < port < 65_536:
            return Endpoint(scheme, host, port, found["path"] or "")
    raise EnrichError(f"{text[:120]!r} is not the address of an endpoint: write https://host or https://host/path")


def is_listed(endpoint: Endpoint, listed: Sequence[Endpoint]) -> bool:
    """Whether the list has the endpoint itself, or its server without a path."""
    return any(endpoint[:3] == entry[:3] and entry.path in {"", endpoint.path} for entry in listed)


def ask_endpoint(endpoint: Endpoint, query: str, seconds: float, resolve: Resolve = public_addresses) -> str:
    """Send one query by POST, without following redirects; the calling thread waits.

    Args:
        endpoint: Whom to ask. A name must lead to public addresses only; an IP address and ``localhost`` are asked as
            they are.
        query: SPARQL.
        seconds: For all of it. The connection is cut then, whatever the endpoint does; looking its name up is not.
        resolve: From host and port to addresses.

    Returns:
        The answer, in SPARQL JSON as far as its media type says.

    Raises:
        TooMuchError: The answer is too large, or was cut.
        FetchError: There is no answer that can be used.
    """
    cutter = Cutter()
    transport = Transport(SystemClock(), read_timeout=seconds, total_timeout=seconds, resolve=resolve, cutter=cutter)
    headers = {
        "Accept": _RESULTS,
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": f"stkg/{__version__}",
    }
    url = f"{endpoint.origin}{endpoint.path or '/'}"
    body = urlencode({"query": query}).encode()
    timer = threading.Timer(seconds, cutter.cut)
    timer.daemon = True
    timer.start()
    try:
        found = transport.send("POST", url, headers, max_bytes=MAX_BYTES, trusted=endpoint.is_literal, body=body)
    except TooMuchError:
        raise
    except FetchError as error:
        raise (_late(seconds) if cutter.has_cut else error) from error
    finally:
        timer.cancel()
    # A connection that is cut looks like the end of headers.
    if cutter.has_cut:
        raise _late(seconds)
    cutter.cut()
    return _content(found)


def _late(seconds: float) -> FetchError:
    return FetchError(f"the answer took more than {seconds:.1f} s")


def _content(found: Exchange) -> str:
    if 300 <= found.status < 400:
        raise FetchError(f"it redirects ({found.status}), which is not followed")
    if found.status != 200:
        raise FetchError(f"it answered {found.status}")
    kind = found.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise FetchError(f"it sent {kind[:60] or 'something without a type'!r}, not {_RESULTS}")
    if any(name in found.headers for name in _CUT):
        raise TooMuchError("it has more rows than it sends")
    try:
        return found.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FetchError("its answer is not UTF-8") from error
