"""Descriptions of the dataset (VoID, DCAT) and of the endpoint (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from kg.iris import BASE, ONTOLOGY, TERMS
from kg.store.oxigraph import OxigraphStore
from kg.version import __version__

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_VOID: Final = "http://rdfs.org/ns/void#"
_DCAT: Final = "http://www.w3.org/ns/dcat#"
_DCT: Final = "http://purl.org/dc/terms/"
_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_TITLE: Final = "STKG: knowledge graph of computational methods for spatial transcriptomics"
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
    "TriG",
)
_COUNTS: Final = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?p) AS ?properties) (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }"""
_BY_CLASS: Final = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c"
_BY_PROPERTY: Final = """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ns) (COUNT(DISTINCT ?o) AS ?no)
  { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"""


class _Writer:
    """Collects triples about one subject after the other."""

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def add(self, subject: str, predicate: str, value: str | int | ox.Literal, *, iri: bool = False) -> None:
        """One statement; numbers become integers, texts literals unless they are IRIs."""
        term: ox.NamedNode | ox.Literal
        if isinstance(value, ox.Literal):
            term = value
        elif isinstance(value, int):
            term = ox.Literal(value)
        else:
            term = ox.NamedNode(value) if iri else ox.Literal(value, language="en")
        self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term))

    def links(self, subject: str, pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> None:
        """Statements whose objects are IRIs."""
        for predicate, value in pairs:
            self.add(subject, predicate, value, iri=True)


def _rows(store: OxigraphStore, query: str) -> list[tuple[Any, ...]]:
    rows: Sequence[Any] = store.select(query).rows
    return [tuple(term.value for term in row) for row in rows]


def _local(place: int, kind: str, iri: str) -> str:
    name = iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    return f"{BASE}void#{kind}-{place}-{name}"


def dataset_triples(store: OxigraphStore, origin: str, key: str) -> list[ox.Triple]:
    """What the dataset holds and where it is.

    Args:
        store: The engine.
        origin: Address of the server, without a slash at its end.
        key: Name of the build.
    """
    out, dataset = _Writer(), BASE
    out.links(
        dataset,
        [
            (f"{_RDF}type", f"{_VOID}Dataset"),
            (f"{_RDF}type", f"{_DCAT}Dataset"),
            (f"{_DCT}license", _LICENCE),
            (f"{_VOID}sparqlEndpoint", f"{origin}/sparql"),
            (f"{_VOID}vocabulary", ONTOLOGY),
            (f"{_DCT}conformsTo", ONTOLOGY),
            (f"{_VOID}feature", f"{_FORMATS}Turtle"),
            (f"{_VOID}feature", f"{_FORMATS}JSON-LD"),
            (f"{_DCAT}distribution", f"{BASE}void#sparql"),
        ],
    )
    out.add(dataset, f"{_DCT}title", _TITLE)
    out.add(dataset, f"{_DCT}identifier", ox.Literal(key))
    out.add(dataset, f"{_DCAT}version", ox.Literal(__version__))
    out.add(dataset, f"{_VOID}uriSpace", ox.Literal(BASE))
    access = [(f"{_RDF}type", f"{_DCAT}Distribution"), (f"{_DCAT}accessURL", f"{origin}/sparql")]
    out.links(f"{BASE}void#sparql", [*access, (f"{_DCT}license", _LICENCE)])
    counts = _rows(store, _COUNTS)[0]
    for name, value in zip(("triples", "distinctSubjects", "properties", "distinctObjects"), counts, strict=True):
        out.add(dataset, f"{_VOID}{name}", int(value))
    _partitions(store, out, dataset)
    return out.triples


def _partitions(store: OxigraphStore, out: _Writer, dataset: str) -> None:
    classes = _rows(store, _BY_CLASS)
    out.add(dataset, f"{_VOID}classes", len(classes))
    for place, (iri, number) in enumerate(classes, 1):
        part = _local(place, "class", iri)
        out.links(dataset, [(f"{_VOID}classPartition", part)])
        out.links(part, [(f"{_RDF}type", f"{_VOID}Dataset"), (f"{_VOID}class", iri)])
        out.add(part, f"{_VOID}entities", int(number))
    for place, (iri, number, subjects, objects) in enumerate(_rows(store, _BY_PROPERTY), 1):
        part = _local(place, "property", iri)
        out.links(dataset, [(f"{_VOID}propertyPartition", part)])
        out.links(part, [(f"{_RDF}type", f"{_VOID}Dataset"), (f"{_VOID}property", iri)])
        out.add(part, f"{_VOID}triples", int(number))
        out.add(part, f"{_VOID}distinctSubjects", int(subjects))
        out.add(part, f"{_VOID}distinctObjects", int(objects))


def service_triples(store: OxigraphStore, origin: str, endpoint: str, *, federated: bool) -> list[ox.Triple]:
    """What the endpoint can do.

    Args:
        store: The engine.
        origin: Address of the server, without a slash at its end.
        endpoint: Address of the endpoint.
        federated: Whether it asks others by ``SERVICE``.
    """
    out, service = _Writer(), f"{endpoint}#service"
    dataset, default = f"{endpoint}#dataset", f"{endpoint}#default-graph"
    out.links(
        service,
        [
            (f"{_RDF}type", f"{_SD}Service"),
            (f"{_SD}endpoint", endpoint),
            (f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"),
            (f"{_SD}supportedLanguage", f"{_SD}SPARQL10Query"),
            (f"{_SD}feature", f"{_SD}UnionDefaultGraph"),
            (f"{_SD}defaultDataset", dataset),
            (f"{_SD}defaultEntailmentRegime", "http://www.w3.org/ns/entailment/Simple"),
            *([(f"{_SD}feature", f"{_SD}BasicFederatedQuery")] if federated else []),
            *((f"{_SD}resultFormat", _FORMATS + name) for name in _RESULT_FORMATS),
        ],
    )
    void = (f"{_DCT}source", f"{origin}/.well-known/void")
    out.links(dataset, [(f"{_RDF}type", f"{_SD}Dataset"), (f"{_SD}defaultGraph", default), void])
    out.links(default, [(f"{_RDF}type", f"{_SD}Graph"), (f"{_DCT}license", _LICENCE)])
    out.add(service, f"{_DCT}title", _TITLE)
    out.add(default, f"{_VOID}triples", int(_rows(store, _COUNTS)[0][0]))
    out.add(dataset, f"{_DCT}description", f"Union of all named graphs; terms of {TERMS}")
    return out.triples
