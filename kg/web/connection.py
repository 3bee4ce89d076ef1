"""A connection that does not wait for ever: heads of requests are bounded in time and size."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_S: Final = 10.0
_HEAD_BYTES: Final = 64 * 1024


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, closed when the head of a request is too slow or too large."""

    _timer: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Give the first request its time."""
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        """Take bytes; those before a request has its head count."""
        waiting = self._waits()
        if waiting:
            self._head_bytes += len(data)
            self._arm()
        super().data_received(data)
        if not self._waits():
            self._disarm()
        elif waiting and self._head_bytes > _HEAD_BYTES:
            self._close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._disarm()
        super().connection_lost(exc)

    def _waits(self) -> bool:
        """Whether no request is under way whose head has come."""
        cycle: Any = self.cycle  # None before the first request
        return cycle is None or bool(cycle.response_complete)

    def _arm(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(_HEAD_S, self._close)

    def _disarm(self) -> None:
        self._head_bytes = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        self._disarm()
        if not self.transport.is_closing():
            self.transport.close()
