"""The second engine: rdflib, slower and independent, for interchange and to check the first."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox
import rdflib
import rdflib.plugins.sparql
from rdflib.term import Node

from kg.errors import QueryError, QuerySyntaxError
from kg.store import Table

# rdflib would fetch what FROM names, from the web or from disk.
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False


class RdflibStore:
    """A graph in rdflib."""

    def __init__(self, dataset: rdflib.Dataset) -> None:
        self.dataset = dataset

    @classmethod
    def in_memory(cls, quads: Iterable[ox.Quad]) -> "RdflibStore":
        """Hold some quads in memory; the default graph is the union of the named ones."""
        dataset = rdflib.Dataset(default_union=True)
        graphs: dict[str, rdflib.Graph] = {}
        quad: Any
        for quad in quads:
            name = quad.graph_name.value
            if name not in graphs:
                graphs[name] = dataset.graph(rdflib.URIRef(name))
            graphs[name].add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        return cls(dataset)

    def select(self, query: str) -> Table:
        """Answer a SELECT query; see :class:`kg.store.Store`."""
        try:
            result = self.dataset.query(query)
        except Exception as error:
            raise QuerySyntaxError(f"not SPARQL: {error}") from error
        if result.type != "SELECT" or result.vars is None:
            raise QuerySyntaxError("a SELECT query is needed here")
        rows = [tuple(_from_rdflib(value) for value in row) for row in result]  # type: ignore[union-attr]
        return Table([str(variable) for variable in result.vars], rows)

    def quads(self) -> Iterator[ox.Quad]:
        """Every statement with its named graph."""
        for subject, predicate, value, graph in self.dataset.quads((None, None, None, None)):
            yield ox.Quad(
                _from_rdflib(subject),  # type: ignore[arg-type]
                _from_rdflib(predicate),  # type: ignore[arg-type]
                _from_rdflib(value),  # type: ignore[arg-type]
                ox.NamedNode(str(graph)),
            )


def to_rdflib(term: object) -> rdflib.URIRef | rdflib.Literal:
    """One of our terms as rdflib's; the data hold no blank nodes.

    Raises:
        QueryError: The term is neither an IRI nor a literal.
    """
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language is not None:
            return rdflib.Literal(term.value, lang=term.language)
        if term.datatype.value == str(rdflib.XSD.string):
            return rdflib.Literal(term.value)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise QueryError(f"cannot hand {term} to rdflib")


def _from_rdflib(term: Node | None) -> ox.NamedNode | ox.Literal | ox.BlankNode | None:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return (
            ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype))) if term.datatype else ox.Literal(str(term))
        )
    return None if term is None else ox.BlankNode(str(term))
