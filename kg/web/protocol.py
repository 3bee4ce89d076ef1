"""The SPARQL 1.1 Protocol, read-only."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg.engine.results import BOOLEANS, GRAPHS, SOLUTIONS
from kg.errors import QueryForbiddenError
from kg.sparql_text import decode_escapes
from kg.web.negotiate import best
from kg.web.respond import PoolResponse, client_of, read_body

if TYPE_CHECKING:
    from kg.web.federation import Federation

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_READ_ONLY: Final = "this endpoint only answers queries: nothing can be changed"
_MOST_FIELDS: Final = 2000
_FORMATS: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
# Functions whose value is another one each time. As with SERVICE, the letters anywhere are enough.
_VOLATILE: Final = re.compile("now|rand|uuid", re.IGNORECASE)


class Operation(NamedTuple):
    """A query operation of the protocol.

    Attributes:
        query: The text.
        default_graphs: IRIs given as ``default-graph-uri``.
        named_graphs: IRIs given as ``named-graph-uri``.
    """

    query: str
    default_graphs: Sequence[str]
    named_graphs: Sequence[str]


def _pairs(encoded: bytes) -> dict[str, list[str]]:
    """Fields of a query string or form, decoded once and strictly."""
    found: dict[str, list[str]] = {}
    try:
        text = encoded.decode("ascii")
        for name, value in parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS):
            found.setdefault(name, []).append(value)
    except ValueError as error:
        raise HTTPException(400, "the parameters are not UTF-8 in URL encoding, or too many") from error
    return found


def _operation(fields: Mapping[str, list[str]], query: str) -> Operation:
    return Operation(query, fields.get("default-graph-uri", []), fields.get("named-graph-uri", []))


def _only(fields: Mapping[str, list[str]]) -> str:
    values = fields["query"]
    if len(values) > 1:
        raise HTTPException(400, "give 'query' once")
    return values[0]


def _media_type(request: Request) -> str:
    """Media type of the body; only UTF-8 is taken."""
    media_type, *parameters = request.headers.get("content-type", "").split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().lower().partition("=")
        if name == "charset" and value.strip('"') not in {"utf-8", "utf8"}:
            raise HTTPException(415, "only UTF-8 is taken")
    return media_type.strip().lower()


async def read_operation(request: Request, body_limit: int) -> Operation | None:
    """The query operation of a request; None when a GET asks for nothing.

    Raises:
        HTTPException: The request is not one of the protocol.
        QueryForbiddenError: It is an update.
    """
    fields = _pairs(request.scope["query_string"])
    if request.method != "POST":
        if "update" in fields:
            raise HTTPException(400, "an update cannot be sent by GET")
        return _operation(fields, _only(fields)) if "query" in fields else None
    media_type = _media_type(request)
    if media_type == _UPDATE:
        raise QueryForbiddenError(_READ_ONLY)
    if media_type not in {_FORM, _QUERY}:
        raise HTTPException(415, f"send {_QUERY} or {_FORM}", {"Accept-Post": f"{_QUERY}, {_FORM}"})
    body = await read_body(request, body_limit)
    return _posted(fields, body, direct=media_type == _QUERY)


def _posted(fields: Mapping[str, list[str]], body: bytes, *, direct: bool) -> Operation:
    if direct:
        if "query" in fields or "update" in fields:
            raise HTTPException(400, "the query is in the body: leave it out of the address")
        try:
            return _operation(fields, body.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise HTTPException(400, "the body is not UTF-8") from error
    form = _pairs(body.strip())
    if "update" in form or "update" in fields:
        if "query" in form or "query" in fields:
            raise HTTPException(400, "give either 'query' or 'update'")
        raise QueryForbiddenError(_READ_ONLY)
    if "query" in fields:
        raise HTTPException(400, "put 'query' into the body, not into the address")
    if "query" not in form:
        raise HTTPException(400, "the form has no field 'query'")
    found = _operation(form, _only(form))
    # The protocol has the graphs in the body; some clients leave them in the address.
    if not found.default_graphs and not found.named_graphs:
        return _operation(fields, found.query)
    return found


async def sparql(request: Request) -> Response:
    """``/sparql``: GET, POST form and POST direct; a GET without a query gets the service description."""
    state = request.app.state
    asked = await read_operation(request, state.limits.body_bytes)
    accept, wanted = request.headers.getlist("accept"), _wanted(request)
    offers = GRAPHS if asked is None else [*SOLUTIONS, *GRAPHS]
    if wanted is None and best(accept, [*offers, "text/html"]) == "text/html":
        return _page(request, asked)

    def choose(offered: Collection[str]) -> str | None:
        return wanted if wanted in offered else best(accept, offered)

    if asked is None:
        media_type = choose(GRAPHS)
        if media_type is None:
            raise HTTPException(406, f"the description of the service comes as {', '.join(GRAPHS)}")
        address = origin(request)
        arguments: dict[str, Any] = {"origin": address, "endpoint": f"{address}/sparql", "media_type": media_type}
        arguments["federated"] = state.federation is not None
        return PoolResponse(state.light, client_of(request), "service", arguments)
    chosen = {"solutions": choose(SOLUTIONS), "boolean": choose(BOOLEANS), "graph": choose(GRAPHS)}
    if not any(chosen.values()):
        raise HTTPException(406, f"answers come as {', '.join([*SOLUTIONS, *GRAPHS])}")
    arguments = {**asked._asdict(), **chosen}
    # Bodies are not kept, and looking through a long one would hold up everybody.
    lasting = request.method == "GET" and _VOLATILE.search(decode_escapes(asked.query)) is None
    return _evaluated(request, "sparql", arguments, lasting=lasting)


def _evaluated(request: Request, task: str, arguments: Mapping[str, Any], *, lasting: bool) -> Response:
    """The answer to a query of the client's own, after others were asked where it wants that and may."""
    state = request.app.state
    federation: Federation | None = state.federation
    if federation is not None and federation.concerns(arguments["query"]):
        return federation.response(state, client_of(request), task, arguments)
    return PoolResponse(state.heavy, client_of(request), task, arguments, lasting=lasting)


def _wanted(request: Request) -> str | None:
    """The media type that ``format`` in the address names, for links of pages.

    Some clients send the parameter beside ``Accept`` with names of their own; those say nothing here.
    """
    return None if request.method == "POST" else _FORMATS.get(request.query_params.get("format", ""))


def _page(request: Request, asked: Operation | None) -> Response:
    """The page for people: the form, and what came of the query."""
    state = request.app.state
    operation = asked._asdict() if asked is not None else {"query": None}
    arguments = {"root": request.scope.get("root_path", ""), **operation}
    if asked is None:
        return PoolResponse(state.light, client_of(request), "page-sparql", arguments, lasting=True)
    request.scope["stkg.query"] = asked.query  # so that a page about a fault can give it back
    return _evaluated(request, "page-sparql", arguments, lasting=False)


def origin(request: Request) -> str:
    """Address of the server as the client sees it, without a slash at its end."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
