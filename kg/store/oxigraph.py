"""The engine: pyoxigraph, in memory or read-only from disk. The default graph is the union of all named graphs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import QueryError, QuerySyntaxError, StoreError
from kg.sparql_text import names_its_dataset
from kg.store import Table

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class OxigraphStore:
    """A graph in pyoxigraph."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def in_memory(cls, quads: Iterable[ox.Quad]) -> "OxigraphStore":
        """Hold some quads in memory."""
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store)

    @classmethod
    def open(cls, folder: Path) -> "OxigraphStore":
        """Open a built store for reading only.

        Raises:
            StoreError: The folder holds no readable store.
        """
        try:
            return cls(ox.Store.read_only(str(folder)))
        except (OSError, RuntimeError) as error:  # the library says RuntimeError of a damaged file
            raise StoreError(f"the store in {folder} cannot be opened ({error}): run 'stkg build'") from error

    def query(
        self,
        query: str,
        *,
        dataset: tuple[Sequence[str], Sequence[str]] | None = None,
        base_iri: str | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> Any:
        """Answer any query form with pyoxigraph's own result object.

        Args:
            query: SPARQL.
            dataset: IRIs of the default and of the named graphs, which win over those that the query names.
            base_iri: What relative IRIs are relative to.
            prefixes: Prefixes that the query need not declare.

        Raises:
            QuerySyntaxError: The text is not SPARQL; the message has line and column.
            QueryError: The engine could not answer.
        """
        try:
            known = dict(prefixes) if prefixes else None
            if dataset is not None:
                default: list[Any] = [ox.NamedNode(iri) for iri in dataset[0]]
                named: list[Any] = [ox.NamedNode(iri) for iri in dataset[1]]
                return self._store.query(
                    query, base_iri=base_iri, prefixes=known, default_graph=default, named_graphs=named
                )
            # The engine would let the union win over a query's own FROM.
            union = not names_its_dataset(query)
            return self._store.query(query, base_iri=base_iri, prefixes=known, use_default_graph_as_union=union)
        except SyntaxError as error:
            raise QuerySyntaxError(_syntax_message(error)) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise QueryError(f"the query cannot be answered: {error}") from error

    def select(self, query: str) -> Table:
        """Answer a SELECT query; see :class:`kg.store.Store`."""
        solutions = self.query(query)
        if not isinstance(solutions, ox.QuerySolutions):
            raise QuerySyntaxError("a SELECT query is needed here")
        variables = [variable.value for variable in solutions.variables]
        try:
            rows = [tuple(solution) for solution in solutions]
        except (OSError, RuntimeError) as error:
            raise QueryError(f"the query cannot be answered: {error}") from error
        return Table(variables, rows)

    def quads(self) -> Iterator[ox.Quad]:
        """Every statement with its named graph."""
        return iter(self._store)


def _syntax_message(error: SyntaxError) -> str:
    match = _PLACE.search(str(error))
    if match is None:
        return f"not SPARQL: {error}"
    return f"not SPARQL: line {match[1]}, column {match[2]}: {match[3]}"
