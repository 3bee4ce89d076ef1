"""The client: an answer from the saved ones, or asked for politely, kept, and asked again only when it has changed."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from kg.enrich.pace import Clock, Pace, SystemClock
from kg.enrich.polite import Polite
from kg.enrich.saved import Answer, Saved, kept_headers
from kg.enrich.services import SERVICES, Service
from kg.enrich.transport import Exchange, Transport
from kg.errors import EnrichError, FetchError
from kg.version import __version__

MAX_BYTES: Final = 5_000_000
_REDIRECTS: Final = 3
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to ask.

    Attributes:
        email: Where the services can reach the user, or ``""``.
        endpoints: Name of a service to the address that is asked in its place.
        max_age: Days for which a saved answer is taken without asking whether it changed.
        offline: Ask nobody; only saved answers count.
        writable: Whether answers may be saved.
    """

    email: str = ""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    max_age: int = 7
    offline: bool = False
    writable: bool = True

    def __post_init__(self) -> None:
        if self.email and _EMAIL.fullmatch(self.email) is None:
            raise EnrichError(f"{self.email[:80]!r} is not an e-mail address")

    @property
    def user_agent(self) -> str:
        """Who asks, as the services want it said."""
        contact = f"; mailto:{self.email}" if self.email else ""
        return f"stkg/{__version__} (https://w3id.org/stkg/{contact})"


@dataclass
class Client:
    """Ask services.

    Attributes:
        saved: Answers of this and earlier runs.
        polite: Sends what has to be sent.
        settings: How to ask.
        hits: Answers that were at hand.
        unchanged: Answers that the service said had not changed.
    """

    saved: Saved
    polite: Polite
    settings: Settings = Settings()
    hits: int = 0
    unchanged: int = 0

    def get(self, service_name: str, path: str) -> tuple[Any, Answer]:
        """The JSON that a service answers.

        Args:
            service_name: One of :data:`~kg.enrich.services.SERVICES`.
            path: Path and query, made by a function of :mod:`kg.enrich.services`.

        Returns:
            The object or list, and the answer it was read from.

        Raises:
            FetchError: There is no answer, or it cannot be used; the text says why.
        """
        service = SERVICES[service_name]
        url = service.base + path
        old = self._old(service, url)
        fresh = old is not None and (self.polite.pace.clock.today() - old.fetched_on).days <= self.settings.max_age
        if old is not None and (self.settings.offline or fresh):
            self.hits += 1
            return _content(service, old), old
        if self.settings.offline:
            raise FetchError("not among the saved answers")
        answer = self._asked(service, path, old)
        if answer.status in {404, 410}:
            self.saved.put(service.name, answer)
        found = _content(service, answer)
        self.saved.put(service.name, answer)
        return found, answer

    def _old(self, service: Service, url: str) -> Answer | None:
        try:
            return self.saved.get(service.name, url)
        except FetchError:
            if self.settings.offline:
                raise
            return None  # a damaged file is fetched again

    def _asked(self, service: Service, path: str, old: Answer | None) -> Answer:
        base = self.settings.endpoints.get(service.name, service.base)
        today = self.polite.pace.clock.today()
        found = self._followed(service, base, _with_key(service, base + path), self._headers(service, old))
        if found.status == 304 and old is not None:
            self.unchanged += 1
            return Answer(old.url, old.status, old.headers, old.body, today)
        return Answer(service.base + path, found.status, kept_headers(found.headers), found.body, today)

    def _headers(self, service: Service, old: Answer | None) -> dict[str, str]:
        headers = {"User-Agent": self.settings.user_agent, "Accept": "application/json"}
        if service.name == "github":
            headers |= {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
            token = _secret(service)
            headers |= {"Authorization": f"Bearer {token}"} if token else {}
        if old is not None and "etag" in old.headers:
            headers["If-None-Match"] = old.headers["etag"]
        if old is not None and "last-modified" in old.headers:
            headers["If-Modified-Since"] = old.headers["last-modified"]
        return headers

    def _followed(self, service: Service, base: str, url: str, headers: Mapping[str, str]) -> Exchange:
        trusted = service.name in self.settings.endpoints
        for _ in range(_REDIRECTS + 1):
            found = self.polite.send(
                "GET",
                url,
                headers,
                host=service.label,
                interval=service.interval,
                max_bytes=MAX_BYTES,
                trusted=trusted,
            )
            if found.status not in _MOVED:
                return found
            url = _next(base, url, found.headers.get("location", ""))
        raise FetchError(f"{service.label} redirects in a circle")


def _next(base: str, url: str, location: str) -> str:
    """Where a redirect leads; only to the machine that was asked, so that no key and no request goes elsewhere."""
    try:
        there = urljoin(url, location)
        same = bool(location) and _origin(there) == _origin(base)
    except ValueError:
        there, same = "", False
    if not same:
        raise FetchError(f"a redirect leads to another place, {location[:100]!r}, and was not followed")
    return there


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _secret(service: Service) -> str:
    """The user's key for a service; one that could break out of a header counts as none."""
    text = os.environ.get("GITHUB_TOKEN", "") if service.name == "github" else os.environ.get("OPENALEX_API_KEY", "")
    return text if re.fullmatch(r"[!-~]{1,500}", text) else ""


def _with_key(service: Service, url: str) -> str:
    """OpenAlex takes its key in the address; it is added to what is sent, never to what is kept."""
    key = _secret(service) if service.name == "openalex" else ""
    if not key:
        return url
    return f"{url}{'&' if '?' in url else '?'}api_key={quote(key, safe='')}"


def _content(service: Service, answer: Answer) -> Any:
    """The JSON of an answer."""
    if answer.status in {404, 410}:
        raise FetchError(f"{service.label} does not know it ({answer.status})")
    if answer.status != 200:
        raise FetchError(f"{service.label} answered {answer.status}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind.endswith(("/json", "+json")):
        raise FetchError(f"{service.label} sent {kind[:60] or 'something without a type'!r}, not JSON")
    try:
        found = json.loads(answer.body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FetchError(f"{service.label} sent JSON that is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise FetchError(f"{service.label} sent JSON that is broken") from error
    if not isinstance(found, dict | list):
        raise FetchError(f"{service.label} sent JSON that is neither an object nor a list")
    return found


def open_client(folder: Path, settings: Settings, *, clock: Clock | None = None) -> Client:
    """A client that keeps its answers in a folder.

    Args:
        folder: Made when the first answer is kept.
        settings: How to ask.
        clock: Another clock than the machine's, for tests.
    """
    time = clock or SystemClock()
    polite = Polite(Transport(time), Pace(time))
    return Client(Saved(folder, writable=settings.writable), polite, settings)
