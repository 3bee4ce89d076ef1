"""What the server's workers can do. Run as ``python -m kg.web.tasks`` by :mod:`kg.engine.process`."""

import io
import json
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

import pyoxigraph as ox

from kg.engine.bench import Bench
from kg.engine.results import BOOLEANS, GRAPHS, SOLUTIONS, write_boolean, write_graph, write_solutions
from kg.engine.sink import Sink
from kg.engine.worker import Task, main
from kg.errors import FormatError, HealthError, QueryError, QueryParameterError, UnknownRecordError
from kg.iris import BASE
from kg.ontology import module_file
from kg.pages.render import Site
from kg.queries.answers import evaluated
from kg.resources import resource_root
from kg.web.page_tasks import PAGE_TASKS

# A path of one of our IRIs. Nothing in it can end an IRI in SPARQL.
_PATH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
# Named graph of the stored queries.
LIBRARY: Final = "graph/queries/stkg"
_ONTOLOGY_PAGE: Final = re.compile(r"ontology(/[0-9.]+)?")
_RDF_STYLES: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
_PARSED: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
STORED_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "markdown": "text/markdown",
    "bibtex": "application/x-bibtex",
}


def graph_name(iri: str) -> str:
    """An IRI for a dataset of the protocol.

    Raises:
        QueryError: It is none.
    """
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise QueryError(f"a graph's name is not an IRI: {error}") from error


def sparql(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """Answer a SPARQL query in the media type that the client likes best for its form."""
    query = evaluated(arguments)
    default, named = ([graph_name(iri) for iri in arguments[key]] for key in ("default_graphs", "named_graphs"))
    dataset = (default, named) if default or named else None
    result = bench.store.query(query, dataset=dataset, base_iri=BASE, prefixes=bench.prefixes)
    try:
        if isinstance(result, ox.QueryBoolean):
            style = _style(sink, arguments["boolean"], BOOLEANS, "ASK")
            write_boolean(answer=bool(result), style=style, sink=sink)
        elif isinstance(result, ox.QueryTriples):
            style = _style(sink, arguments["graph"], GRAPHS, "CONSTRUCT and DESCRIBE")
            write_graph(result, style, bench.prefixes, sink)
        else:
            write_solutions(result, _style(sink, arguments["solutions"], SOLUTIONS, "SELECT"), sink)
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be answered: {error}") from error


def _style(sink: Sink, media_type: str | None, known: Mapping[str, str], form: str) -> str:
    if media_type is None:
        raise FormatError(f"{form} can be answered as {', '.join(known)}")
    sink.media_type = media_type
    return known[media_type]


def stored(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """Run a stored query and write one page of its rows."""
    style, offset, limit = arguments["style"], arguments["offset"], arguments["limit"]
    try:
        answer = bench.graph.query(arguments["name"], **arguments["parameters"])
    except QueryParameterError as error:
        found = QueryParameterError(error.summary.replace("--", "").replace("stkg query ", "/query/"))
        found.field = error.field
        raise found from error
    rows = answer[offset : offset + limit]
    sink.media_type = STORED_TYPES[style]
    sink.rows = len(rows)
    sink.headers["STKG-Total-Rows"] = str(len(answer))
    _link_pages(sink, arguments["address"], offset, limit, len(answer))
    if style == "bibtex":
        from kg.citations import cite_rows

        sink.write(cite_rows(bench.graph, rows, style).encode())
        return
    from kg.tables import render

    sink.write(render(rows, answer.columns, style, width=0, label=bench.graph.label).encode())


def _link_pages(sink: Sink, address: str, offset: int, limit: int, total: int) -> None:
    pages = {"prev": max(0, offset - limit)} if offset else {}
    if offset + limit < total:
        pages["next"] = offset + limit
    links = [f'<{address}limit={limit}&offset={place}>; rel="{name}"' for name, place in pages.items()]
    if links:
        sink.headers["Link"] = ", ".join(links)


def _quads_of(bench: Bench, path: str) -> list[ox.Quad]:
    """Statements of one of our IRIs: a record's graph, a named graph, the ontology, or a node's own statements."""
    from kg.queries.describe import record_quads

    if not _PATH.fullmatch(path):
        raise UnknownRecordError("there is nothing here")
    if path.partition("/")[0] == "ontology":
        file = module_file(resource_root("ontology"), path)
        quads = list(ox.parse(path=str(file))) if file else []
    elif path.startswith("graph/"):
        quads = _graph_quads(bench, path)
    elif path == "query":
        quads = _graph_quads(bench, LIBRARY)
    elif path.startswith("query/"):
        # A stored query with its parameters, which are fragments of it.
        quads = _graph_quads(bench, LIBRARY, f"FILTER(STRSTARTS(CONCAT(STR(?s), '#'), '{BASE}{path}#'))")
    else:
        # A list as a whole is only the subject of its graph.
        quads = list(record_quads(bench.store, BASE + path)) or _graph_quads(bench, f"graph/{path}")
    if not quads:
        raise UnknownRecordError("there is nothing here")
    return quads


def _graph_quads(bench: Bench, path: str, only: str = "") -> list[ox.Quad]:
    graph = ox.NamedNode(BASE + path)
    table: Any = bench.store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} {only} }}")
    return [ox.Quad(s, p, o, graph) for s, p, o in table.rows]


def _written(bench: Bench, quads: list[ox.Quad], style: str) -> bytes:
    from kg.export.rdf import write_json_ld, write_plain, write_turtle

    out = io.BytesIO()
    if any(isinstance(quad.object, ox.BlankNode) for quad in quads):
        # Only the shapes have any, their lists, and our own writers know none.
        triples = [quad.triple for quad in quads]
        named = None if style in {"nt", "jsonld"} else dict(bench.prefixes)
        return ox.serialize(triples, format=_PARSED[style], prefixes=named) or b""
    if style == "ttl":
        write_turtle(quads, bench.prefixes, out)
    elif style == "jsonld":
        write_json_ld(quads, bench.context, out)
    else:
        write_plain(quads, style, bench.prefixes, out)
    return out.getvalue()


def resource(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """Describe one of our IRIs as RDF."""
    style = arguments["style"]
    quads = _quads_of(bench, arguments["path"])
    sink.media_type = _RDF_STYLES[style]
    sink.rows = len(quads)
    sink.write(_written(bench, quads, style))


def page(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """The page of one of our IRIs."""
    from kg.pages.record import record_page
    from kg.pages.terms import ontology_page, plain_statements, terms_of

    path, site = arguments["path"], Site(arguments["root"], bench.key)
    quads = _quads_of(bench, path)  # only what is there has a page
    sink.media_type = "text/html"
    if _ONTOLOGY_PAGE.fullmatch(path):
        statements = terms_of(bench.graph) if path == "ontology" else plain_statements(quads)
        sink.write(ontology_page(statements, bench.prefixes, site, path=path).encode())
    else:
        sink.write(record_page(bench.graph, BASE + path, site).encode())


def void(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """Describe the dataset by VoID and DCAT, with partitions by class and property."""
    from kg.web.void import dataset_triples

    triples = dataset_triples(bench.store, arguments["origin"], bench.key)
    _describe(bench, triples, arguments["media_type"], sink)


def service_description(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """Describe the endpoint."""
    from kg.web.void import service_triples

    triples = service_triples(bench.store, arguments["origin"], arguments["endpoint"], federated=arguments["federated"])
    _describe(bench, triples, arguments["media_type"], sink)


def _describe(bench: Bench, triples: list[ox.Triple], media_type: str, sink: Sink) -> None:
    sink.media_type = media_type
    from kg.export.rdf import used_prefixes

    write_graph(triples, GRAPHS[media_type], used_prefixes(triples, bench.prefixes), sink)


def health(bench: Bench, arguments: Mapping[str, Any], sink: Sink) -> None:
    """Resolve a known record in three formats, and read each back."""
    kind = next(k for k in ("method", "paper", "task", "source") if bench.graph.index(k).labels)
    path = f"{kind}/{min(bench.graph.index(kind).labels)}"
    quads = _quads_of(bench, path)
    statements = {str(quad.triple) for quad in quads}
    for style in ("ttl", "nt", "rdf"):
        text = _written(bench, quads, style)
        found = {str(quad.triple) for quad in ox.parse(text, format=_PARSED[style])}
        if found != statements:
            raise HealthError(f"{BASE}{path} is not the same as {style}")
    sink.media_type = "application/json"
    seen = {"status": "ok", "record": BASE + path, "statements": len(statements), "build": bench.key}
    sink.write(json.dumps({**seen, **arguments}).encode() + b"\n")


TASKS: Final[Mapping[str, Task]] = {
    "sparql": sparql,
    "stored": stored,
    "resource": resource,
    "page": page,
    "void": void,
    "service": service_description,
    "health": health,
    **PAGE_TASKS,
}

if __name__ == "__main__":
    main(sys.argv[1:], TASKS)
