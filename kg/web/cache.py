"""Answers that are kept and given again: a build never changes, so what it answered once it would answer again."""

from collections import OrderedDict
from typing import Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.web.metrics import Traffic

# Handlers set this in the scope of a request whose answer depends on the address, Host and Accept alone.
LASTING: Final = "stkg.lasting"
_OF_THE_ANSWER: Final = (b"accept", b"host")
# About what a message and its headers take in memory.
_OVERHEAD: Final = 4096

_Key = tuple[str, str, bytes, tuple[tuple[bytes, bytes], ...]]


class _Kept(NamedTuple):
    start: Message
    body: Message
    size: int


class Cache:
    """An ASGI application in front of another that keeps small whole answers of it, least recently used first to go.

    Args:
        app: The application of one build.
        capacity: Bytes to keep; 0 for none.
        traffic: Counters.
    """

    def __init__(self, app: ASGIApp, capacity: int, traffic: Traffic) -> None:
        self._app, self._capacity, self._traffic = app, capacity, traffic
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        key = _key(scope) if self._capacity else None
        if key is None:
            await self._app(scope, receive, send)
            return
        found = self._kept.get(key)
        if found is None:
            await self._ask(key, scope, receive, send)
            return
        self._traffic.hits += 1
        self._kept.move_to_end(key)
        await send(found.start)
        await send(found.body)

    async def _ask(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None

        async def noted(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message if message["status"] == 200 else None
            elif message.get("more_body"):
                start = None
            elif start is not None and scope.get(LASTING):
                self._keep(key, start, message)
            await send(message)

        await self._app(scope, receive, noted)

    def _keep(self, key: _Key, start: Message, body: Message) -> None:
        size = len(body["body"]) + len(key[2]) + sum(len(value) for _, value in key[3]) + _OVERHEAD
        if size > self._capacity // 16 or key in self._kept:
            return
        self._kept[key] = _Kept(start, body, size)
        self._size += size
        while self._size > self._capacity:
            self._size -= self._kept.popitem(last=False)[1].size


def _key(scope: Scope) -> _Key | None:
    """What an answer depends on; None when it may depend on more."""
    if scope["method"] != "GET":
        return None
    headers: list[tuple[bytes, bytes]] = []
    for pair in scope["headers"]:
        if pair[0] in _OF_THE_ANSWER:
            headers.append(pair)
        elif pair[0].startswith(b"if-"):
            return None
    return scope["scheme"], scope["path"], scope["query_string"], tuple(headers)
