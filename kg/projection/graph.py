"""The whole catalog as quads, in a fixed order: one named graph a record, and one for the data set as such."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.iris import BASE, TASK_SCHEME, graph_iri, slugify
from kg.model import Catalog, CodeRepository, Source
from kg.projection.methods import add_benchmark, add_method
from kg.projection.papers import add_author, add_paper
from kg.projection.record import RecordGraph, Registry
from kg.projection.retired import add_former_ids, add_retired
from kg.projection.terms import CC0, DATASET, DCAT, DCTERMS, RDF, RDFS, SKOS, STKG, VOID, node, text
from kg.projection.vocabularies import (
    add_dataset,
    add_framework,
    add_language,
    add_license,
    add_listing,
    add_source,
    add_task,
    add_technology,
    add_venue,
)
from kg.version import __version__

_WRITERS: Final[dict[str, Callable[[RecordGraph, Any], None]]] = {
    "author": add_author,
    "benchmark": add_benchmark,
    "dataset": add_dataset,
    "framework": add_framework,
    "language": add_language,
    "license": add_license,
    "listing": add_listing,
    "method": add_method,
    "paper": add_paper,
    "source": add_source,
    "task": add_task,
    "technology": add_technology,
    "venue": add_venue,
}


def catalog_quads(catalog: Catalog) -> Iterator[Quad]:
    """Every statement of the catalog.

    Pure: the same records give the same quads in the same order in every process, and a record's quads depend on
    nothing but that record, the registry of sources, and which people have a record of their own.

    Args:
        catalog: A sound catalog.

    Yields:
        Quads without blank nodes, graph by graph.
    """
    registry = Registry(catalog)
    yield from _dataset_quads()
    yield from _match_quads(catalog)
    yield from external_quads(registry)
    for kind in sorted(_WRITERS):
        for key, record in sorted(catalog.of_kind(kind).items()):
            yield from record_quads(registry, kind, key, record)
    for name, repository in sorted(catalog.repositories.items()):
        if not registry.describes(name):
            yield from _repository_quads(registry, repository)


def record_quads(registry: Registry, kind: str, key: str, record: Any) -> Iterator[Quad]:
    """Statements of one record, in its named graph."""
    graph = RecordGraph(registry, kind, key)
    if getattr(record, "status", "current") == "current":
        _WRITERS[kind](graph, record)
    else:
        add_retired(graph, record)
    add_former_ids(graph, record)
    return graph.quads()


def _repository_quads(registry: Registry, repository: CodeRepository) -> Iterator[Quad]:
    key = slugify(repository.name)
    graph = RecordGraph(registry, "source", key)
    source = Source(
        id=key, label=repository.name, kind="repository", repository=repository.name, commit=repository.commit
    )
    add_source(graph, source)
    return graph.quads()


def _match_quads(catalog: Catalog) -> Iterator[Quad]:
    """Labels of concepts of other vocabularies: once each, although several tasks may match one."""
    graph = node(graph_iri("links", "matches"))
    labels = {match.iri: match.label for task in catalog.tasks.values() for match in task.matches}
    for iri, label in sorted(labels.items()):
        yield Quad(node(iri), RDFS("label"), text(label), graph)


def external_quads(registry: Registry) -> Iterator[Quad]:
    """Ids of our records at services that are not ours, each with its day: in a graph of their own.

    They stand apart so that whoever needs none can leave them out, and because other hands change them.
    """
    graph = node(graph_iri("links", "external"))
    for iri, link in sorted(registry.catalog.externals.items()):
        kind, _, key = link.record.partition("/")
        record = RecordGraph(registry, kind, key)
        record.add(record.subject, STKG("externalRecord"), node(iri))
        record.claim(STKG("externalRecord"), node(iri), link.sources, seen_on=link.seen_on)
        for statement in record.statements():
            yield Quad(*statement, graph)


def _dataset_quads() -> Iterator[Quad]:
    graph = node(graph_iri("dataset", "stkg"))
    scheme = node(TASK_SCHEME)
    title = "STKG: knowledge graph of computational methods for spatial transcriptomics"
    statements: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (DATASET, RDF("type"), VOID("Dataset")),
        (DATASET, RDF("type"), DCAT("Dataset")),
        (DATASET, RDFS("label"), text("STKG")),
        (DATASET, DCTERMS("title"), text(title, "en")),
        (DATASET, DCTERMS("license"), CC0),
        (DATASET, DCAT("version"), text(__version__)),
        (DATASET, VOID("uriSpace"), text(BASE)),
        (scheme, RDF("type"), SKOS("ConceptScheme")),
        (scheme, DCTERMS("title"), text("Tasks of spatial transcriptomics methods", "en")),
        (scheme, RDFS("label"), text("Tasks of spatial transcriptomics methods")),
        (scheme, DCTERMS("license"), CC0),
    ]
    for statement in statements:
        yield Quad(*statement, graph)
