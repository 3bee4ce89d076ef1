"""Responses that come out of a worker, piece by piece, and requests' bodies within limits."""

import asyncio
import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.engine.pool import Answer, BrokenAnswerError, Pool
from kg.errors import BusyError, WorkerLostError
from kg.web.cache import LASTING

_BODY_S: Final = 15.0
# A body is held several times over while it waits for a worker.
_BODIES_BYTES: Final = 64 * 1024 * 1024
_UNWATCHED_S: Final = 0.05
# Formats whose media type needs to say that they are UTF-8.
_TEXT: Final = ("text/",)


def client_of(request: Request) -> str:
    """Who asks, for fairness: an address, or for IPv6 the network of a site."""
    return site_of(request.client.host) if request.client else ""


@lru_cache(maxsize=1024)
def site_of(host: str) -> str:
    """An address as it is, but of IPv6 the /64 network, of which one client has all."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return host


class Bodies:
    """Bodies of all requests under way.

    Attributes:
        held: Bytes of them.
    """

    def __init__(self) -> None:
        self.held = 0

    def take(self, scope: Scope, size: int) -> None:
        """Hold some more bytes for a request.

        Raises:
            BusyError: There is no room for them.
        """
        if self.held + size > _BODIES_BYTES:
            raise BusyError("too much is being sent at once: ask again in a moment")
        self.held += size
        scope["stkg.body"] = scope.get("stkg.body", 0) + size

    def let_go(self, scope: Scope) -> None:
        """The request is over."""
        self.held -= scope.pop("stkg.body", 0)


async def read_body(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be too large or comes too slowly.

    Raises:
        HTTPException: 413, 408, or 415 for a compressed body.
        BusyError: Others send so much that there is no room.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "compressed bodies are not taken", {"Accept-Encoding": "identity"})
    announced = request.headers.get("content-length", "0")
    if not announced.isascii() or not announced.isdigit() or len(announced) > 15 or int(announced) > limit:
        raise HTTPException(413, f"a body may have {limit} bytes")
    pieces, size = [], 0
    try:
        async with asyncio.timeout(_BODY_S):
            async for piece in request.stream():
                size += len(piece)
                if size > limit:
                    raise HTTPException(413, f"a body may have {limit} bytes")
                request.app.state.bodies.take(request.scope, len(piece))
                pieces.append(piece)
    except TimeoutError as error:
        raise HTTPException(408, f"the body must come within {_BODY_S:g} s", {"Connection": "close"}) from error
    except ClientDisconnect as error:
        raise HTTPException(400, "the body ended before its end") from error
    return b"".join(pieces)


class PoolResponse(Response):
    """An answer that a worker gives. The worker is stopped when the client leaves.

    An answer that breaks after it began is left without an end, and the server closes the connection: the client sees
    that it is not whole.

    Args:
        pool: Whose workers.
        client: Who asks.
        task: Name of the task.
        arguments: For the task.
        headers: More headers.
        status: Of the answer when all goes well.
        lasting: Whether the build would always answer so to this address, with these Host and Accept headers.
    """

    def __init__(
        self,
        pool: Pool,
        client: str,
        task: str,
        arguments: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        status: int = 200,
        *,
        lasting: bool = False,
    ) -> None:
        super().__init__(headers=dict(headers or {}), status_code=status)
        self._lasting = lasting
        self._pool, self._client, self._task, self._arguments = pool, client, task, arguments
        self._more = dict(headers or {})
        self._spent = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, and watch whether anybody is still there."""
        watch = _Watch(receive)
        scope[LASTING] = self._lasting
        try:
            await self._work(scope, send)
        except asyncio.CancelledError:
            if not watch.has_left:
                raise
            scope["stkg.outcome"] = "client-left"
        finally:
            watch.stop()

    async def _work(self, scope: Scope, send: Send) -> None:
        with await self._pool.ask(self._client, self._task, self._arguments, self._spent) as answer:
            if answer.head["length"] is None:
                whole, last = await self._stream(scope, send, answer), b""
            else:
                whole, last = True, await self._collect(answer)
                await send(self._start(answer.head))
        if whole:
            await send({"type": "http.response.body", "body": last, "more_body": False})

    async def _collect(self, answer: Answer) -> bytes:
        try:
            return b"".join([chunk async for chunk in answer.chunks()])
        except (BrokenAnswerError, TimeoutError) as error:
            raise WorkerLostError("the worker came to an end in the middle of its answer") from error

    async def _stream(self, scope: Scope, send: Send, answer: Answer) -> bool:
        """Send the pieces as they come; False when they end before the end, or nobody takes them in time."""
        try:
            async with asyncio.timeout_at(answer.deadline):
                await send(self._start(answer.head))
                async for chunk in answer.chunks():
                    if scope["method"] != "HEAD":
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except (BrokenAnswerError, TimeoutError) as error:
            self._pool.counts["timeout"] += isinstance(error, TimeoutError)
            scope["stkg.outcome"] = "broken"
            return False
        return True

    def _start(self, head: Mapping[str, Any]) -> dict[str, Any]:
        kind = head["type"]
        charset = "; charset=utf-8" if kind.startswith(_TEXT) else ""
        if kind == "text/csv":
            charset += "; header=present"
        headers = {
            "content-type": kind + charset,
            "vary": "Accept",
            "stkg-limits": self._pool.limits.header(),
            **self._more,
            **head["headers"],
        }
        if head["length"] is not None:
            headers["content-length"] = str(head["length"])
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        # A worker says so when its answer is a page about a fault.
        status = self.status_code if head["status"] == 200 else head["status"]
        return {"type": "http.response.start", "status": status, "headers": raw}


class _Watch:
    """Cancels the task it is made in when the client leaves. Most answers are there before it begins to look."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._task = receive, asyncio.current_task()
        self._looking: asyncio.Task[None] | None = None
        self.has_left = False
        self._timer = asyncio.get_running_loop().call_later(_UNWATCHED_S, self._look)

    def _look(self) -> None:
        self._looking = asyncio.create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.has_left = True
        if self._task is not None:
            self._task.cancel()

    def stop(self) -> None:
        """Look no longer."""
        self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()
