"""Time: a clock that tests can replace, and the pause between two requests to one host."""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """What the client asks of time."""

    def monotonic(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def today(self) -> date:
        """The day, UTC."""


class SystemClock:
    """The machine's clock."""

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def today(self) -> date:
        """The day, UTC."""
        return datetime.now(UTC).date()


@dataclass
class Pace:
    """Keep requests to one host apart.

    Attributes:
        clock: The clock.
        waited: Seconds waited so far.
    """

    clock: Clock
    waited: float = 0.0
    _next: dict[str, float] = field(default_factory=dict)
    _slowest: dict[str, float] = field(default_factory=dict)

    def wait(self, host: str, interval: float) -> None:
        """Wait until a request to ``host`` may begin, and note that it begins."""
        now = self.clock.monotonic()
        pause = self._next.get(host, now) - now
        if pause > 0:
            self.clock.sleep(pause)
            self.waited += pause
        self._next[host] = max(now, self._next.get(host, now)) + max(interval, self._slowest.get(host, 0.0))

    def slow_down(self, host: str, interval: float) -> None:
        """Heed what a host says of its limits; a pace is never raised by it."""
        self._slowest[host] = max(self._slowest.get(host, 0.0), interval)
