"""The one place where an error becomes a status: RFC 9457 problem details."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.engine.pool import TaskError
from kg.errors import BusyError, KgError, QueryParameterError, QueryTimeoutError, WorkerLostError
from kg.pages.render import Site
from kg.web.negotiate import best
from kg.web.page import MissingPage

_TYPE: Final = "application/problem+json"
_RETRY: Final = {429: "2", 503: "2", 504: "30"}
_TITLES: Final = {
    "query-syntax": "Not SPARQL",
    "query-forbidden": "Not allowed here",
    "service": "Another endpoint failed",
    "query-parameter": "A parameter does not fit",
    "query-timeout": "The query took too long",
    "unknown-record": "No such record",
    "withdrawn-record": "This record was withdrawn",
    "unknown-query": "No such stored query",
    "format": "Not available in this format",
    "busy": "Too many requests",
    "worker-lost": "The worker came to an end",
}
_HTTP_TITLES: Final = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    406: "Not available in this format",
    408: "The request came too slowly",
    413: "The request is too large",
    415: "Unknown kind of request body",
}


def _response(
    request: Request, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    title = _TITLES.get(code) or _HTTP_TITLES.get(status) or "The request failed"
    sent = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    if status in _RETRY:
        sent["Retry-After"] = _RETRY[status]
    request.scope["stkg.outcome"] = code
    if best(request.headers.getlist("accept"), [_TYPE, "application/json", "text/html"]) == "text/html":
        return _page(request, status, title, detail, sent)
    body = {"type": f"urn:stkg:problem:{code}", "title": title, "status": status, "detail": detail, **more}
    return Response(json.dumps(body, ensure_ascii=False) + "\n", status, sent, _TYPE)


def _page(request: Request, status: int, title: str, detail: str, headers: Mapping[str, str]) -> Response:
    from kg.pages.home import problem_page, words_of

    site = Site(request.scope.get("root_path", ""))
    words = words_of(request.url.path)
    text = problem_page(status, title, detail, site, words=words, query=request.scope.get("stkg.query", ""))
    plain = Response(text, status, headers, "text/html")
    return MissingPage(request, detail, plain) if status == 404 and request.method == "GET" else plain


def _elapsed(request: Request) -> float:
    return round(time.monotonic() - float(request.scope.get("stkg.started", time.monotonic())), 3)


async def on_kg_error(request: Request, error: Exception) -> Response:
    """Answer for one of our own errors."""
    if not isinstance(error, KgError):
        raise error
    more: dict[str, Any] = {}
    if isinstance(error, QueryTimeoutError | WorkerLostError | BusyError):
        more = {"limits": request.app.state.limits.shown(), "elapsed": _elapsed(request)}
    if isinstance(error, QueryParameterError) and error.field is not None:
        more["errors"] = [{"field": error.field, "detail": error.summary}]
    return _response(request, error.http_status, error.code, error.summary, **more)


async def on_task_error(request: Request, error: Exception) -> Response:
    """Answer for an error that a worker sent."""
    if not isinstance(error, TaskError):
        raise error
    found = error.found
    more: dict[str, Any] = (
        {"errors": [{"field": found["field"], "detail": found["summary"]}]} if found.get("field") else {}
    )
    return _response(request, found["status"], found["code"], found["summary"], **more)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer for Starlette's own errors and ours that are about HTTP alone."""
    if not isinstance(error, HTTPException):
        raise error
    detail = error.detail
    if error.status_code == 404:
        detail = "there is nothing at this address"
    elif error.status_code == 405:
        detail = f"{request.method} is not for this address"
    return _response(request, error.status_code, f"http-{error.status_code}", detail, error.headers)


async def on_fault(request: Request, error: Exception) -> Response:
    """Answer for a fault of ours: no word about what it was."""
    return _response(request, 500, type(error).code if isinstance(error, KgError) else "fault", "the fault is ours")
