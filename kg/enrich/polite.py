"""Ask politely: paced by host, tried again with growing pauses, and given up for the run when a service wants rest."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from kg.enrich.addresses import UnknownNameError
from kg.enrich.pace import Pace
from kg.enrich.transport import BrokenExchangeError, Exchange, Transport
from kg.errors import FetchError

TRIES: Final = 4
LONGEST_WAIT: Final = 120.0
_BREAKS: Final = 3
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_BACKOFF: Final = wait_exponential_jitter(initial=1, max=60, jitter=1)
_INTERVAL: Final = re.compile(r"(\d{1,6})s?")


class _AgainError(Exception):
    """Ask again, after so many seconds when the server says so."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


@dataclass
class Counts:
    """What was done, for the report.

    Attributes:
        requests: Requests that were sent, retries included.
        retries: Those that repeated one.
        by_status: Answers by status.
    """

    requests: int = 0
    retries: int = 0
    by_status: Counter[int] = field(default_factory=Counter)


@dataclass
class Polite:
    """Send requests with patience.

    Attributes:
        transport: Sends one request.
        pace: Keeps them apart.
        counts: What was done.
        resting: Hosts that are left alone for the rest of the run, with the reason.
    """

    transport: Transport
    pace: Pace
    counts: Counts = field(default_factory=Counts)
    resting: dict[str, str] = field(default_factory=dict)
    _broken: Counter[str] = field(default_factory=Counter)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        host: str,
        interval: float,
        max_bytes: int,
        trusted: bool = False,
    ) -> Exchange:
        """Send a request, and again when the server cannot answer now.

        Args:
            method: ``GET`` or ``HEAD``.
            url: Whole address.
            headers: Headers of the request.
            host: What the pace and the rest are counted by.
            interval: Seconds between two requests to it.
            max_bytes: Longest body that is read.
            trusted: The user named this machine; it may be private.

        Raises:
            FetchError: There is no answer; the text says why.
        """
        if host in self.resting:
            raise FetchError(f"not asked: {self.resting[host]}")
        retrying = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            retry=retry_if_exception_type(_AgainError),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            found = retrying(self._once, method, url, headers, host, interval, max_bytes, trusted)
        except UnknownNameError:
            self._note_break(host)
            raise
        except _AgainError as error:
            self._note_break(host)
            raise FetchError(f"{error} (asked {TRIES} times)") from error
        self._broken[host] = 0
        return found

    def _sleep(self, seconds: float) -> None:
        self.counts.retries += 1
        self.pace.clock.sleep(seconds)
        self.pace.waited += seconds

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        host: str,
        interval: float,
        max_bytes: int,
        trusted: bool,  # noqa: FBT001 - tenacity passes arguments on by position
    ) -> Exchange:
        self.pace.wait(host, interval)
        self.counts.requests += 1
        try:
            found = self.transport.send(method, url, headers, max_bytes=max_bytes, trusted=trusted)
        except BrokenExchangeError as error:
            raise _AgainError(error.summary) from error
        self.counts.by_status[found.status] += 1
        self._heed(host, found)
        if found.status in _AGAIN:
            after = _retry_after(found.headers.get("retry-after"))
            if after is not None and after > LONGEST_WAIT:
                self.resting[host] = f"{host} asks to be left alone for {after:g} s; run the command again later"
                raise FetchError(self.resting[host])
            raise _AgainError(f"{host} answered {found.status}", after)
        return found

    def _heed(self, host: str, found: Exchange) -> None:
        """Follow the limits that Crossref and GitHub print in their headers."""
        limit = found.headers.get("x-rate-limit-limit", "")
        span = _INTERVAL.fullmatch(found.headers.get("x-rate-limit-interval", ""))
        if span and limit.isdecimal() and int(limit[:9]) > 0:
            self.pace.slow_down(host, min(LONGEST_WAIT, int(span[1]) / int(limit[:9])))
        if found.headers.get("x-ratelimit-remaining") == "0" and found.status in {200, 304, 403, 404, 429}:
            why = f"{host} allows no more requests for now; run the command again later"
            self.resting[host] = why
            if found.status in {403, 429}:
                raise FetchError(why)

    def _note_break(self, host: str) -> None:
        self._broken[host] += 1
        if self._broken[host] >= _BREAKS:
            self.resting[host] = f"{host} failed {_BREAKS} times in a row; run the command again later"


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, _AgainError) else None
    return _BACKOFF(state) if after is None else after


def _retry_after(value: str | None) -> float | None:
    """Seconds of a ``Retry-After`` header, given as a number or a date; None when it is absent or cannot be read."""
    if value is None:
        return None
    try:
        return float(Retry().parse_retry_after(value))
    except (InvalidHeader, ValueError, OverflowError):
        return None
