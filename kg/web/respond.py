"""Responses that come out of a worker, piece by piece, and requests' bodies within limits."""

import asyncio
import contextlib
import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.engine.pool import Answer, BrokenAnswerError, Pool
from kg.errors import WorkerLostError

_BODY_S: Final = 15.0
# Formats whose media type needs to say that they are UTF-8.
_TEXT: Final = ("text/",)


def client_of(request: Request) -> str:
    """Who asks, for fairness: an address, or for IPv6 the network of a site."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return host


async def read_body(request: Request, limit: int) -> bytes:
    """The body, refused as soon as it is known to be too large or comes too slowly.

    Raises:
        HTTPException: 413, 408, or 415 for a compressed body.
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
    """

    def __init__(
        self,
        pool: Pool,
        client: str,
        task: str,
        arguments: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> None:
        super().__init__(headers=dict(headers or {}), status_code=status)
        self._pool, self._client, self._task, self._arguments = pool, client, task, arguments
        self._more = dict(headers or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, and watch whether anybody is still there."""
        work = asyncio.create_task(self._work(scope, send))
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                scope["stkg.outcome"] = "client-left"
        finally:
            for task in (work, gone):
                if not task.done():
                    task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone
        with contextlib.suppress(asyncio.CancelledError):
            await work

    async def _work(self, scope: Scope, send: Send) -> None:
        began = False
        try:
            async with self._pool.ask(self._client, self._task, self._arguments) as answer:
                whole = answer.head["length"] is not None
                last = b"".join([chunk async for chunk in answer.chunks()]) if whole else b""
                began = True
                await send(self._start(answer.head))
                if not whole:
                    await self._stream(scope, send, answer)
            await send({"type": "http.response.body", "body": last, "more_body": False})
        except (BrokenAnswerError, TimeoutError):
            if not began:
                raise WorkerLostError("the worker came to an end in the middle of its answer") from None
            scope["stkg.outcome"] = "broken"

    async def _stream(self, scope: Scope, send: Send, answer: Answer) -> None:
        async for chunk in answer.chunks():
            if scope["method"] != "HEAD":
                await send({"type": "http.response.body", "body": chunk, "more_body": True})

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


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
