"""Stored queries as REST: one address each, with typed parameters."""

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.errors import QueryParameterError, UnknownQueryError
from kg.pages.questions import MOST_PAGE_ROWS, PAGE_ROWS
from kg.queries.definition import StoredQuery
from kg.web.linked import described
from kg.web.negotiate import best
from kg.web.page import page, prefers_page
from kg.web.respond import PoolResponse, client_of
from kg.web.tasks import STORED_TYPES

# Parameters that every stored query has over HTTP.
RESERVED: Final = ("limit", "offset")
_SUFFIXES: Final = {"json": "json", "csv": "csv", "tsv": "tsv", "md": "markdown", "bib": "bibtex"}


def styles_of(query: StoredQuery) -> dict[str, str]:
    """Style to media type; references only where an answer names papers."""
    has_papers = any(column.name == "paper" for column in query.columns)
    return {style: kind for style, kind in STORED_TYPES.items() if style != "bibtex" or has_papers}


async def listing(request: Request) -> Response:
    """``/query``: what can be asked."""
    if (rdf := described(request, "query")) is not None:
        return rdf
    if prefers_page(request, "application/json"):
        return page(request, "page-questions")
    root = request.scope.get("root_path", "")
    queries = [
        {
            "name": query.name,
            "summary": query.summary,
            "tags": list(query.tags),
            "href": f"{root}/query/{query.name}",
            "example": f"{root}/query/{query.name}{'?' if query.sample else ''}{urlencode(query.sample)}",
            "parameters": [parameter._asdict() for parameter in query.parameters],
            "columns": [column._asdict() for column in query.columns],
        }
        for query in request.app.state.queries.values()
    ]
    headers = {"Vary": "Accept", "Link": f'<{root}/openapi.json>; rel="service-desc"; type="application/openapi+json"'}
    return JSONResponse({"queries": queries}, headers=headers)


def _field_error(name: str, message: str) -> QueryParameterError:
    error = QueryParameterError(message)
    error.field = name
    return error


def _parameters(request: Request) -> dict[str, str]:
    try:
        text = request.scope["query_string"].decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise HTTPException(400, "the parameters are not UTF-8 in URL encoding, or too many") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise _field_error(name, f"{name[:60]!r} is given twice")
        found[name] = value
    return found


def _number(values: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = values.pop(name, None)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise _field_error(name, f"{name} is a whole number from {least} to {most}")
    return int(text)


async def stored(request: Request) -> Response:
    """``/query/NAME``, also with a suffix such as ``.csv``."""
    if (rdf := described(request, f"query/{request.path_params['name']}")) is not None:
        return rdf
    state = request.app.state
    name, _, suffix = request.path_params["name"].partition(".")
    if suffix and suffix not in {*_SUFFIXES, "html"}:
        raise HTTPException(404)
    try:
        query: StoredQuery = state.graph.stored_query(name)
    except UnknownQueryError as error:
        raise UnknownQueryError(error.summary.replace("'stkg query --list'", "/query")) from error
    styles = styles_of(query)
    if suffix == "html" or (not suffix and prefers_page(request, *styles.values())):
        return _page(request, name)
    style = _SUFFIXES.get(suffix) or _accepted(request, styles)
    if style not in styles:
        raise HTTPException(406, f"this query can be answered as {', '.join(styles.values())}")
    values = _parameters(request)
    most = state.limits.rows
    limit, offset = _number(values, "limit", most, 1, most), _number(values, "offset", 0, 0, 10**9 - 1)
    arguments: dict[str, Any] = {"name": name, "parameters": values, "style": style, "offset": offset, "limit": limit}
    here = f"{request.scope.get('root_path', '')}/query/{name}{'.' if suffix else ''}{suffix}"
    arguments["address"] = f"{here}?{urlencode(values)}{'&' if values else ''}"
    return PoolResponse(state.light, client_of(request), "stored", arguments, lasting=True)


def _page(request: Request, name: str) -> Response:
    """The page of a stored query: fields that a form sends empty count as not given, and without any the example."""
    given = _parameters(request)
    limit = _number(given, "limit", PAGE_ROWS, 1, MOST_PAGE_ROWS)
    offset = _number(given, "offset", 0, 0, 10**9 - 1)
    values = {field: value for field, value in given.items() if value.strip()}
    arguments = {"name": name, "parameters": values, "is_sample": not given, "offset": offset, "limit": limit}
    return page(request, "page-question", **arguments)


def _accepted(request: Request, styles: dict[str, str]) -> str | None:
    media_type = best(request.headers.getlist("accept"), styles.values())
    return next((style for style, kind in styles.items() if kind == media_type), None)
