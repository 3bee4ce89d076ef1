"""What the graph says of records that no longer stand: their name, what became of them, and nothing else.

A retired record has no class of the model and none of its facts, so that no query, count or shape has to leave it out.
"""

from typing import Any

from pyoxigraph import NamedNode

from kg.iris import record_iri
from kg.model import Method, Paper
from kg.projection.record import RecordGraph
from kg.projection.terms import DCTERMS, OWL, RDFS, STKG, boolean, node, text


def add_retired(graph: RecordGraph, record: Method | Paper) -> None:
    """State that a record was withdrawn or merged, why, and what took over."""
    label = record.name if isinstance(record, Method) else record.title
    _retire(graph, graph.subject, label, record.status)
    graph.add(graph.subject, STKG("note"), text(record.status_note) if record.status_note else None)
    if record.replaced_by:
        graph.add(graph.subject, DCTERMS("isReplacedBy"), node(record_iri(graph.kind, record.replaced_by)))


def add_former_ids(graph: RecordGraph, record: Any) -> None:
    """State of each former IRI of a record that this record took its place."""
    for old in getattr(record, "former_ids", ()):
        label = next(getattr(record, name) for name in ("label", "name", "title") if hasattr(record, name))
        former = node(record_iri(graph.kind, old))
        _retire(graph, former, label, "renamed")
        graph.add(former, DCTERMS("isReplacedBy"), graph.subject)


def _retire(graph: RecordGraph, subject: NamedNode, label: str, status: str) -> None:
    graph.type(subject, STKG("RetiredRecord"))
    graph.add(subject, RDFS("label"), text(label))
    graph.add(subject, STKG("recordStatus"), text(status))
    graph.add(subject, OWL("deprecated"), boolean(value=True))
