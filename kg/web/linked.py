"""Linked data: every IRI of the graph answers on this server, by content negotiation and by suffix."""

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import UnknownRecordError
from kg.iris import BASE, RECORD_KINDS, compact, parse_record_iri
from kg.web.negotiate import best
from kg.web.respond import PoolResponse, client_of

_TYPES: Final = {
    "text/html": "html",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
}
_SUFFIXES: Final = {suffix: media_type for media_type, suffix in _TYPES.items()}
# Nothing else is in our IRIs; what a client makes up never reaches a header.
_PATH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_PLACES: Final = frozenset({*RECORD_KINDS, "ontology", "graph", "claim", "evidence", "listing", "correction"})


def _alternates(root: str, path: str) -> str:
    return ", ".join(f'<{root}/{path}.{suffix}>; rel="alternate"; type="{kind}"' for suffix, kind in _SUFFIXES.items())


def _is_known(request: Request, path: str) -> bool:
    """False when it is sure that there is nothing; the worker has the last word."""
    parsed = parse_record_iri(BASE + path)
    return parsed is None or parsed[1] in request.app.state.graph.index(parsed[0]).labels


async def resource(request: Request) -> Response:
    """``/method/x`` redirects to the format that fits; ``/method/x.ttl`` is that format."""
    path, root = request.path_params["path"], request.scope.get("root_path", "")
    if not _PATH.fullmatch(path) or path.partition(".")[0].partition("/")[0] not in _PLACES:
        raise HTTPException(404)
    bare, dot, suffix = path.rpartition(".")
    if dot and suffix in _SUFFIXES:
        return _direct(request, bare, suffix, root)
    if not _is_known(request, path):
        raise UnknownRecordError(f"there is no {compact(BASE + path)}")
    # Clients that do not say what they want get Turtle; browsers say it.
    accept = request.headers.getlist("accept")
    offers = [*list(_TYPES)[1:], "text/html"]
    media_type = best(accept, offers)
    if media_type is None:
        raise HTTPException(406, f"a record comes as {', '.join(_TYPES)}")
    headers = {
        "Location": f"{root}/{path}.{_TYPES[media_type]}",
        "Vary": "Accept",
        "Link": _alternates(root, path),
        "Cache-Control": "public, max-age=300",
    }
    return Response(status_code=303, headers=headers)


def _direct(request: Request, path: str, suffix: str, root: str) -> Response:
    state = request.app.state
    if not _is_known(request, path):
        raise UnknownRecordError(f"there is no {compact(BASE + path)}")
    tag = f'"{state.key}.{suffix}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=300",
        "Link": f'{_alternates(root, path)}, <{BASE}{path}>; rel="describes"',
    }
    asked = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in asked:
        return Response(status_code=304, headers={**headers, "Vary": "Accept"})
    arguments = {"path": path, "style": suffix, "root": root}
    task = "page" if suffix == "html" else "resource"
    return PoolResponse(state.light, client_of(request), task, arguments, headers, lasting=True)
