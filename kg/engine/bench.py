"""What a task has at hand in a worker: all of it from one build, none from the files that the build was made of."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from kg.engine.limits import Limits
from kg.iris import BASE
from kg.service import KnowledgeGraph
from kg.store.oxigraph import OxigraphStore


class Bench:
    """The graph and what goes with it.

    Attributes:
        graph: Opened for reading.
        limits: What an answer may take.
        key: Name of the build, which changes when anything in it does.
        prefixes: The project's prefixes, as the build has them.
    """

    def __init__(self, graph: KnowledgeGraph, limits: Limits, manifest: Mapping[str, Any]) -> None:
        self.graph, self.limits = graph, limits
        self.key: str = manifest["key"]
        self.prefixes: Mapping[str, str] = manifest.get("prefixes", {})

    @property
    def store(self) -> OxigraphStore:
        """The engine itself."""
        store = self.graph.store
        if not isinstance(store, OxigraphStore):
            raise TypeError("a worker answers with oxigraph")
        return store

    @cached_property
    def context(self) -> dict[str, Any]:
        """The JSON-LD context."""
        from kg.export.rdf import context

        query = f"SELECT ?s ?p ?o {{ GRAPH <{BASE}graph/ontology/stkg> {{ ?s ?p ?o }} }}"
        rows: Sequence[Any] = self.store.select(query).rows
        return context(self.prefixes, (ox.Triple(*row) for row in rows))

    def warm(self) -> None:
        """Open everything now, while files can still be read without haste."""
        self.store.select("SELECT ?s { ?s ?p ?o } LIMIT 1")
        _ = self.graph.queries, self.prefixes, self.context
