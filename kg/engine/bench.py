"""What a task has at hand in a worker."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from kg.engine.limits import Limits
from kg.ontology import prefixes
from kg.resources import resource_root
from kg.service import KnowledgeGraph
from kg.store.oxigraph import OxigraphStore


class Bench:
    """The graph and what goes with it.

    Attributes:
        graph: Opened for reading.
        limits: What an answer may take.
        key: Name of the build, which changes when anything in it does.
    """

    def __init__(self, graph: KnowledgeGraph, limits: Limits, key: str) -> None:
        self.graph, self.limits, self.key = graph, limits, key

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The project's prefixes."""
        return prefixes(resource_root("ontology"))

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
        from kg.ontology import ontology_quads

        return context(self.prefixes, ontology_quads(resource_root("ontology")))

    def warm(self) -> None:
        """Open everything now, while files can still be read without haste."""
        self.store.select("SELECT ?s { ?s ?p ?o } LIMIT 1")
        _ = self.graph.queries, self.prefixes, self.context
