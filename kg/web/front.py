"""What every request passes through: headers for safety, CORS, the access log, the counters."""

import json
import re
import time
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.web.log import Log
from kg.web.metrics import Traffic

_HOST: Final = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "access-control-allow-origin": "*",
        "access-control-expose-headers": (
            "Link, ETag, Retry-After, STKG-Build, STKG-Limits, STKG-Truncated, STKG-Total-Rows"
        ),
    }.items()
)
_OWN_POLICY: Final = (b"content-security-policy", _POLICY.encode())
_PREFLIGHT: Final = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
    (b"allow", b"GET, HEAD, POST, OPTIONS"),
)
_ROUTES: Final = (
    *("sparql", "query", "healthz", "metrics", ".well-known", "openapi.json", "static", "ontology"),
    *("search", "browse", "graph", "cite", "sitemap.xml", "robots.txt"),
)


def _route(path: str) -> str:
    """A name for metrics and log that does not depend on what a client makes up."""
    first = path.strip("/").partition("/")[0]
    return first if first in _ROUTES else "record" if first else "home"


class Front:
    """Outermost part of the application.

    Args:
        app: The rest.
        traffic: Counters.
        log: Where a line a request goes; None for nowhere.
    """

    def __init__(self, app: ASGIApp, *, traffic: Traffic, log: Log | None) -> None:
        self._app, self._traffic, self._log = app, traffic, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        scope["stkg.started"] = started = time.monotonic()
        seen = {"status": 0, "bytes": 0}

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                headers = list(message.get("headers", []))
                # A page with scripts of its own has a policy that allows these alone.
                if all(name != _OWN_POLICY[0] for name, _ in headers):
                    headers.append(_OWN_POLICY)
                headers += _ALWAYS
                if "stkg.build" in scope:
                    headers.append((b"stkg-build", scope["stkg.build"].encode()))
                message = {**message, "headers": headers}
            elif message["type"] == "http.response.body":
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._answer(scope, receive, watched)
        finally:
            self._note(scope, seen, time.monotonic() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) > 1 or (hosts and not _HOST.fullmatch(hosts[0].decode("latin-1"))):
            await _plain(send, 400, b'{"title": "Bad request", "status": 400, "detail": "no such host"}\n')
        elif scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": list(_PREFLIGHT)})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._app(scope, receive, send)

    def _note(self, scope: Scope, seen: dict[str, int], seconds: float) -> None:
        route = _route(scope["path"].removeprefix(scope.get("root_path", "")))
        self._traffic.count(route, seen["status"], seconds, seen["bytes"])
        if self._log is None:
            return
        client = scope.get("client")
        # No query string, no body, no header: they can hold what is nobody's business.
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "client": client[0] if client else None,
            "method": scope["method"][:16],
            "route": route,
            "path": scope["path"][:200],
            **seen,
            "ms": round(seconds * 1000, 1),
        }
        if "stkg.outcome" in scope:
            line["outcome"] = scope["stkg.outcome"]
        self._log.write(json.dumps(line))


async def _plain(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
