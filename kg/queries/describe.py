"""The statements of one record: its named graph, and what names it elsewhere as the subject."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.iris import graph_iri, parse_record_iri

if TYPE_CHECKING:
    from kg.store import Store


def record_quads(store: "Store", iri: str) -> Iterator[ox.Quad]:
    """Statements about a record, with their graphs.

    Args:
        store: The engine.
        iri: IRI of a record.

    Yields:
        The record's named graph (claims and evidence included); for a person without a record of their own, what
        their papers say of them.
    """
    parsed = parse_record_iri(iri)
    rows: list[Any] = []
    if parsed:
        # Named in the pattern, because a filter on ?g would look at every statement there is.
        own = graph_iri(*parsed)
        rows = list(store.select(f"SELECT (<{own}> AS ?g) ?s ?p ?o WHERE {{ GRAPH <{own}> {{ ?s ?p ?o }} }}").rows)
    if not rows:
        rows = list(store.select(f"SELECT ?g (<{iri}> AS ?s) ?p ?o WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}").rows)
    for graph, subject, predicate, value in rows:
        yield ox.Quad(subject, predicate, value, graph)
