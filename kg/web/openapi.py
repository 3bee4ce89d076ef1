"""The OpenAPI 3.1 description, made from the definitions of the stored queries."""

from collections.abc import Mapping
from typing import Any, Final

from kg.engine.limits import Limits
from kg.queries.definition import Column, Parameter, StoredQuery
from kg.version import __version__
from kg.web.stored import styles_of

_TYPES: Final[Mapping[str, dict[str, Any]]] = {
    "iri": {"type": "string", "format": "iri"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "description": "ISO 8601, to the day, month or year"},
    "boolean": {"type": "boolean"},
}
_PROBLEM: Final = {"$ref": "#/components/responses/Problem"}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.type == "integer":
        schema = {"type": "integer"}
        limits = {"minimum": parameter.minimum, "maximum": parameter.maximum}
        schema |= {name: value for name, value in limits.items() if value is not None}
    elif parameter.type == "string" and parameter.maximum is not None:
        schema["maxLength"] = parameter.maximum
    elif parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if parameter.type == "integer" else parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.description,
        "schema": schema,
    }


def _column(column: Column) -> dict[str, Any]:
    one = dict(_TYPES[column.type])
    if column.many:
        return {"type": "array", "items": one, "description": column.description}
    return {"anyOf": [one, {"type": "null"}], "description": column.description}


def _operation(query: StoredQuery, limits: Limits) -> dict[str, Any]:
    names = [column.name for column in query.columns]
    row = {"type": "object", "properties": {c.name: _column(c) for c in query.columns}, "required": names}
    kinds = styles_of(query).values()
    content = {
        kind: {"schema": {"type": "array", "items": row} if kind == "application/json" else {"type": "string"}}
        for kind in kinds
    }
    paging = [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": limits.rows}},
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}},
    ]
    parameters = [_parameter(parameter) for parameter in query.parameters]
    for parameter in parameters:
        if parameter["name"] in query.sample:
            parameter["example"] = query.sample[parameter["name"]]
    answers: dict[str, Any] = {"200": {"description": "Rows", "content": content}}
    return {
        "operationId": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [*parameters, *paging],
        "responses": answers | dict.fromkeys(("404", "406", "422", "429", "503", "504"), _PROBLEM),
    }


def _sparql() -> dict[str, Any]:
    names = ("default-graph-uri", "named-graph-uri")
    graphs = [
        {"name": name, "in": "query", "schema": {"type": "array", "items": {"type": "string", "format": "iri"}}}
        for name in names
    ]
    query = {"name": "query", "in": "query", "required": False, "schema": {"type": "string"}}
    answers = {"200": {"description": "The answer, or the description of the service"}}
    answers |= dict.fromkeys(("400", "403", "406", "413", "415", "429", "503", "504"), _PROBLEM)
    bodies: dict[str, Any] = {
        kind: {"schema": {}} for kind in ("application/sparql-query", "application/x-www-form-urlencoded")
    }
    common = {"summary": "SPARQL 1.1 Protocol, read-only", "tags": ["sparql"], "responses": answers}
    return {
        "get": {**common, "operationId": "sparqlGet", "parameters": [query, *graphs]},
        "post": {**common, "operationId": "sparqlPost", "parameters": graphs, "requestBody": {"content": bodies}},
    }


def document(queries: Mapping[str, StoredQuery], limits: Limits, root: str) -> dict[str, Any]:
    """The description.

    Args:
        queries: Definitions by name.
        limits: The server's.
        root: Path under which the server stands.
    """
    problem = {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": {"type": "object"}},
            "limits": {"type": "object"},
            "elapsed": {"type": "number"},
        },
        "required": ["type", "title", "status", "detail"],
    }
    content = {"application/problem+json": {"schema": problem}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "STKG",
            "version": __version__,
            "summary": "Computational methods for spatial transcriptomics",
            "license": {"name": "CC0 1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": root or "/"}],
        "paths": {
            "/sparql": _sparql(),
            **{f"/query/{name}": {"get": _operation(query, limits)} for name, query in queries.items()},
        },
        "components": {"responses": {"Problem": {"description": "What is wrong (RFC 9457)", "content": content}}},
    }
