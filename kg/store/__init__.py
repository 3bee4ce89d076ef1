"""Engines that hold the graph and answer SPARQL, behind one narrow interface.

:class:`~kg.store.oxigraph.OxigraphStore` is the engine; :class:`~kg.store.rdflib_.RdflibStore` is the independent
second one that the contract tests compare it with.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

    Term = NamedNode | Literal | BlankNode | Triple


class Table(NamedTuple):
    """Answer of a SELECT query.

    Attributes:
        variables: Names of the columns, without ``?``.
        rows: One tuple a solution, in the order of the query; None where a variable is unbound.
    """

    variables: Sequence[str]
    rows: Sequence[tuple["Term | None", ...]]


class Store(Protocol):
    """What stored queries need of an engine."""

    def select(self, query: str) -> Table:
        """Answer a SELECT query.

        Raises:
            QuerySyntaxError: The text is not SPARQL.
        """
        ...

    def quads(self) -> Iterator["Quad"]:
        """Every statement with its named graph, in no particular order."""
        ...
