"""Check that addresses still lead somewhere: one small request each, paced by host, only to public machines."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from kg.enrich.client import Client, Settings
from kg.enrich.saved import Answer
from kg.enrich.transport import Exchange
from kg.errors import FetchError

State = Literal["ok", "moved", "gone", "unreachable"]
INTERVAL: Final = 1.0
_SERVICE: Final = "links"
_FOR_EVER: Final = frozenset({301, 308})
_FOR_NOW: Final = frozenset({302, 303, 307})
_HOPS: Final = 5
_MAX_BYTES: Final = 2_000_000
# Resolvers of names: that they lead somewhere is all that is asked of them.
_RESOLVERS: Final = frozenset({"doi.org", "dx.doi.org", "w3id.org", "purl.org", "hdl.handle.net"})


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What came of one address.

    Attributes:
        url: The address.
        state: ``ok``; ``moved`` for good, to ``to``; ``gone`` (404 or 410); ``unreachable`` when nothing can be said,
            also when a site lets no programs in.
        to: Where it moved to, or ``""``.
        status: Last HTTP status; 0 when there was no answer.
        why: The reason, for people, unless it is ``ok``.
    """

    url: str
    state: State
    to: str = ""
    status: int = 0
    why: str = ""


def check_links(urls: Iterable[str], client: Client) -> Generator[LinkResult]:
    """Check addresses, one at a time and in order.

    An address that was checked in the last days is not asked for again: its saved result counts. Interrupting loses
    nothing.

    Args:
        urls: ``http:`` and ``https:`` addresses; each is checked once.
        client: From :func:`kg.enrich.client.open_client`; with ``offline`` only saved results are given.

    Yields:
        One result an address, as soon as it is known.
    """
    for url in dict.fromkeys(urls):
        try:
            yield _checked(url, client)
        except FetchError as error:
            yield LinkResult(url, "unreachable", why=error.summary)


def _checked(url: str, client: Client) -> LinkResult:
    to, here = "", url
    permanent = True
    status = 0
    for _ in range(_HOPS):
        status, location = _looked_at(here, client)
        if status not in _FOR_EVER | _FOR_NOW:
            break
        if not location or urlsplit(here).hostname in _RESOLVERS:
            return LinkResult(url, "ok", status=status)
        here = _target(here, location)
        permanent = permanent and status in _FOR_EVER
        to = here if permanent else to
    else:
        return LinkResult(url, "unreachable", status=status, why="it redirects too often")
    if status in {404, 410}:
        return LinkResult(url, "gone", to, status, f"the server says {status}")
    if not 200 <= status < 300:
        return LinkResult(url, "unreachable", to, status, f"the server says {status}")
    if to:
        return LinkResult(url, "moved", to, status, "the server says that it moved for good")
    return LinkResult(url, "ok", status=status)


def _target(here: str, location: str) -> str:
    try:
        there = urljoin(here, location)
        usable = urlsplit(there).scheme in {"http", "https"} and bool(urlsplit(there).hostname)
    except ValueError:
        usable, there = False, ""
    if not usable:
        raise FetchError(f"it redirects to {location[:100]!r}, which is no web address")
    return there


def _looked_at(url: str, client: Client) -> tuple[int, str]:
    """Status and ``Location`` of one address, saved or asked for; a server that knows no HEAD gets a GET."""
    saved = client.saved.get(_SERVICE, url)
    today = client.polite.pace.clock.today()
    fresh = saved is not None and (today - saved.fetched_on).days <= client.settings.max_age
    if saved is not None and (fresh or client.settings.offline):
        client.hits += 1
        return saved.status, saved.headers.get("location", "")
    if client.settings.offline:
        raise FetchError("not among the saved answers")
    found = _sent("HEAD", url, client)
    if found.status in {400, 403, 404, 405, 501}:
        found = _sent("GET", url, client)
    client.saved.put(_SERVICE, Answer(url, found.status, found.headers, b"", today))
    return found.status, found.headers.get("location", "")


def _sent(method: str, url: str, client: Client) -> Exchange:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise FetchError(f"{url[:100]!r} is no web address") from error
    # Without the user's e-mail: the services ask for it, all the other hosts do not.
    headers = {"User-Agent": Settings().user_agent, "Accept": "*/*"}
    return client.polite.send(method, url, headers, host=host, interval=INTERVAL, max_bytes=_MAX_BYTES)
