"""A connection that does not wait for ever: heads of requests are bounded in time and size, and so are clients."""

import asyncio
from collections import Counter
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.web.respond import site_of

_HEAD_S: Final = 10.0
_HEAD_BYTES: Final = 64 * 1024
_UNREAD_S: Final = 60.0
_MOST_OF_ONE_CLIENT: Final = 250
_TOO_MANY: Final = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, closed when a head is too slow or too large, an answer is not read, or a client has too many.

    Attributes:
        proxy: Address that speaks for many clients and may have any number of connections.
    """

    proxy: ClassVar[str | None] = None
    _of_client: ClassVar[Counter[str]] = Counter()

    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _site = ""

    def connection_made(self, transport: Any) -> None:
        """Count the connection, and give the first request its time."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        self._site = site_of(host)
        self._of_client[self._site] += 1
        if self._of_client[self._site] > _MOST_OF_ONE_CLIENT and host != self.proxy:
            transport.write(_TOO_MANY)
            transport.close()
            return
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
        """Forget the timers."""
        self._disarm()
        self._read_on()
        self._of_client[self._site] -= 1
        if not self._of_client[self._site]:
            del self._of_client[self._site]
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered: it has a while to go on."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(_UNREAD_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It went on."""
        self._read_on()
        super().resume_writing()

    def _read_on(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

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
