"""Linked data: every IRI of the graph answers on this server, by content negotiation and by suffix."""

import re
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.errors import UnknownRecordError, WithdrawnRecordError
from kg.iris import BASE, RECORD_KINDS, compact, place_of
from kg.ontology import module_file
from kg.resources import resource_root
from kg.service import KnowledgeGraph
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
_PLACES: Final = frozenset(
    {*RECORD_KINDS, "ontology", "graph", "claim", "evidence", "listing", "correction", "contributors", "query"}
)


def _alternates(root: str, path: str) -> str:
    return ", ".join(f'<{root}/{path}.{suffix}>; rel="alternate"; type="{kind}"' for suffix, kind in _SUFFIXES.items())


def _moved(graph: KnowledgeGraph, path: str) -> str | None:
    """Where a path leads today, when its record was renamed or merged; None when it stands or never was.

    Raises:
        UnknownRecordError: It is sure that there is nothing; for all else the worker has the last word.
        WithdrawnRecordError: It was withdrawn, or is part of a record that was.
    """
    if path.startswith("ontology/") and module_file(resource_root("ontology"), path) is None:
        raise UnknownRecordError("the ontology has no such module or version")
    place = place_of(BASE + path)
    if place is None:
        return None
    index, slug = graph.index(place.kind), place.slug
    if place.in_graph and slug not in index.former:
        return None  # the graph of a retired record still says what became of it
    current = index.current(slug)
    if current is None and not place.in_graph:
        raise UnknownRecordError(f"there is no {compact(BASE + path)}")
    if current is None or current == slug:
        return None
    # The parts of a renamed record went with it; those of a merged one ended with it.
    part = place.part if slug in index.former else ""
    return f"{'graph/' if place.in_graph else ''}{place.kind}/{current}{part}"


async def resource(request: Request) -> Response:
    """``/method/x`` redirects to the format that fits; ``/method/x.ttl`` is that format."""
    path, root = request.path_params["path"], request.scope.get("root_path", "")
    if not _PATH.fullmatch(path) or path.partition(".")[0].partition("/")[0] not in _PLACES:
        raise HTTPException(404)
    bare, dot, suffix = path.rpartition(".")
    is_direct = bool(dot) and suffix in _SUFFIXES
    try:
        moved = _moved(request.app.state.graph, bare if is_direct else path)
    except WithdrawnRecordError:
        return _gone(request, bare if is_direct else path, suffix if is_direct else None)
    if moved is not None:
        location = f"{root}/{moved}{f'.{suffix}' if is_direct else ''}"
        return Response(status_code=301, headers={"Location": location, "Cache-Control": "public, max-age=300"})
    if is_direct:
        return _direct(request, bare, suffix, root)
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


def described(request: Request, path: str) -> Response | None:
    """Lead a client that wants RDF about something with answers of other kinds to it; None for all other clients."""
    bare, dot, suffix = path.rpartition(".")
    root = request.scope.get("root_path", "")
    if dot and suffix in _SUFFIXES and suffix != "html":
        return _direct(request, bare, suffix, root)
    media_type = best(request.headers.getlist("accept"), ["application/json", *_TYPES])
    if dot or media_type in {None, "application/json", "text/html"}:
        return None
    headers = {"Location": f"{root}/{path}.{_TYPES[media_type]}", "Vary": "Accept", "Link": _alternates(root, path)}
    return Response(status_code=303, headers=headers)


async def examples(request: Request) -> Response:
    """``/.well-known/sparql-examples``: the stored queries as SHACL executables."""
    media_type = best(request.headers.getlist("accept"), [kind for kind in _TYPES if kind != "text/html"])
    if media_type is None:
        raise HTTPException(406, f"examples come as {', '.join(list(_TYPES)[1:])}")
    arguments = {"path": "query", "style": _TYPES[media_type]}
    return PoolResponse(request.app.state.light, client_of(request), "resource", arguments)


def _direct(request: Request, path: str, suffix: str, root: str) -> Response:
    state = request.app.state
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


def _gone(request: Request, path: str, suffix: str | None) -> Response:
    """410 with what the graph still says; a page for browsers."""
    accept, offers = request.headers.getlist("accept"), [*list(_TYPES)[1:], "text/html"]
    style = suffix or _TYPES.get(best(accept, offers) or "", "html")
    kind, slug = path.split("/")[:2]
    graph: KnowledgeGraph = request.app.state.graph
    if style == "html" or kind == "author" or path != f"{kind}/{slug}":
        raise WithdrawnRecordError(graph.index(kind).withdrawn[slug])
    arguments = {"path": path, "style": style}
    headers = {"Cache-Control": "public, max-age=300", "Vary": "Accept"}
    return PoolResponse(request.app.state.light, client_of(request), "resource", arguments, headers, status=410)
