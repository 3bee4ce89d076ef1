"""The stored queries as RDF, in the form in which SPARQL editors look for examples: SHACL's executables.

Each query that runs with its sample is a ``sh:SPARQLSelectExecutable`` with the SPARQL of that sample, its prefixes,
texts, key words and the endpoint; each of its parameters a ``sh:Parameter``. No blank nodes.

Source:
    SHACL Advanced Features, section 8 (https://www.w3.org/TR/shacl-af/#SPARQLFunction) for parameters; the
    vocabulary of examples that the SIB collects (https://github.com/sib-swiss/sparql-examples) for the rest.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import KgError
from kg.iris import BASE, RECORD_KINDS, TERMS, graph_iri
from kg.names import NameIndex
from kg.queries.binding import bind
from kg.queries.definition import Parameter, StoredQuery

GRAPH: Final = graph_iri("queries", "stkg")
LIBRARY: Final = f"{BASE}query"
_SH: Final = "http://www.w3.org/ns/shacl#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_DCT: Final = "http://purl.org/dc/terms/"
_SCHEMA: Final = "https://schema.org/"
_CLASSES: Final = {kind: f"{TERMS}{kind.capitalize()}" for kind in RECORD_KINDS}


class _Node:
    """Says things of one subject."""

    def __init__(self, iri: str) -> None:
        self.iri, self._subject, self._graph = iri, NamedNode(iri), NamedNode(GRAPH)

    def link(self, predicate: str, *values: str) -> Iterator[Quad]:
        for value in values:
            yield Quad(self._subject, NamedNode(predicate), NamedNode(value), self._graph)

    def says(self, predicate: str, value: str | int, datatype: str | None = None) -> Iterator[Quad]:
        typed = Literal(str(value), datatype=NamedNode(_XSD + datatype)) if datatype else Literal(value)
        yield Quad(self._subject, NamedNode(predicate), typed, self._graph)

    def tells(self, predicate: str, text: str) -> Iterator[Quad]:
        yield Quad(self._subject, NamedNode(predicate), Literal(text, language="en"), self._graph)


def library_quads(
    queries: Mapping[str, StoredQuery], prefixes: Mapping[str, str], find_index: Callable[[str], NameIndex]
) -> Iterator[Quad]:
    """Every stored query that runs with its sample, and the prefixes of all.

    Args:
        queries: Definitions by name.
        prefixes: Prefix to IRI.
        find_index: Gives the name index of a record kind; a sample that names no record of it leaves its query out.

    Yields:
        Quads in one named graph, in a fixed order.
    """
    library = _Node(LIBRARY)
    yield from library.tells(f"{_RDFS}label", "Stored queries of STKG")
    for prefix, iri in sorted(prefixes.items()):
        declared = _Node(f"{LIBRARY}#prefix-{prefix}")
        yield from library.link(f"{_SH}declare", declared.iri)
        yield from declared.link(f"{_RDF}type", f"{_SH}PrefixDeclaration")
        yield from declared.says(f"{_SH}prefix", prefix)
        yield from declared.says(f"{_SH}namespace", iri, "anyURI")
    for _, query in sorted(queries.items()):
        try:
            text = bind(query, query.sample, find_index)
        except KgError:
            continue
        yield from library.link(f"{_DCT}hasPart", f"{LIBRARY}/{query.name}")
        yield from _executable(query, text)


def _executable(query: StoredQuery, text: str) -> Iterator[Quad]:
    node = _Node(f"{LIBRARY}/{query.name}")
    yield from node.link(f"{_RDF}type", f"{_SH}SPARQLExecutable", f"{_SH}SPARQLSelectExecutable")
    yield from node.tells(f"{_RDFS}label", query.summary)
    yield from node.tells(f"{_RDFS}comment", query.description or query.summary)
    yield from node.says(f"{_DCT}identifier", query.name)
    yield from node.says(f"{_SH}select", text)
    yield from node.link(f"{_SH}prefixes", LIBRARY)
    yield from node.link(f"{_SCHEMA}target", f"{BASE}sparql")
    for tag in query.tags:
        yield from node.says(f"{_SCHEMA}keywords", tag)
    for order, parameter in enumerate(query.parameters, start=1):
        yield from node.link(f"{_SH}parameter", f"{node.iri}#parameter-{parameter.name}")
        yield from _parameter(node.iri, parameter, order)


def _parameter(query: str, parameter: Parameter, order: int) -> Iterator[Quad]:
    node = _Node(f"{query}#parameter-{parameter.name}")
    yield from node.link(f"{_RDF}type", f"{_SH}Parameter")
    # SHACL takes the end of the path for the parameter's name.
    yield from node.link(f"{_SH}path", f"{query}#{parameter.name}")
    yield from node.says(f"{_SH}name", parameter.name)
    yield from node.tells(f"{_SH}description", parameter.description)
    yield from node.says(f"{_SH}order", order)
    yield from node.says(f"{_SH}optional", not parameter.required)
    if parameter.type in _CLASSES:
        yield from node.link(f"{_SH}class", _CLASSES[parameter.type])
        yield from node.link(f"{_SH}nodeKind", f"{_SH}IRI")
    else:
        yield from node.link(f"{_SH}datatype", f"{_XSD}{'integer' if parameter.type == 'integer' else 'string'}")
    yield from _bounds(node, parameter)


def _bounds(node: _Node, parameter: Parameter) -> Iterator[Quad]:
    kind = "integer" if parameter.type == "integer" else None
    limits = ("minInclusive", "maxInclusive") if kind else ("minLength", "maxLength")
    for name, value in zip(limits, (parameter.minimum, parameter.maximum), strict=True):
        if value is not None:
            yield from node.says(f"{_SH}{name}", value)
    if parameter.default is not None and parameter.type not in _CLASSES:
        yield from node.says(f"{_SH}defaultValue", parameter.default, kind)
    if parameter.choices:
        yield from node.link(f"{_SH}in", f"{node.iri}-1")
    for place, choice in enumerate(parameter.choices, start=1):
        entry = _Node(f"{node.iri}-{place}")
        last = place == len(parameter.choices)
        yield from entry.says(f"{_RDF}first", choice)
        yield from entry.link(f"{_RDF}rest", f"{_RDF}nil" if last else f"{node.iri}-{place + 1}")
