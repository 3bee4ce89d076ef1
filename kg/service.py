"""The knowledge graph as one object: open it, ask it, look at records, take it elsewhere.

Everything that the command line, notebooks and later the web do goes through here. Heavy parts (rdflib, networkx,
the catalog's models) are imported by the methods that need them.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar, overload

from kg.build import ensure_build
from kg.errors import StoreError, UnknownQueryError, UnknownRecordError
from kg.iris import parse_curie, parse_record_iri, record_iri
from kg.names import NameIndex, read_index, shown
from kg.queries.binding import bind
from kg.queries.definition import StoredQuery, from_json
from kg.queries.rows import Row, rows_of
from kg.resources import data_folder, resource_root

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import pyoxigraph as ox
    import rdflib

    from kg.records import RecordView
    from kg.store import Store

Engine = Literal["oxigraph", "rdflib"]
T = TypeVar("T")
# Kinds in the order in which a bare word is looked up.
_LOOK_UP: Final = (
    *("method", "paper", "task", "dataset", "framework", "author"),
    *("technology", "benchmark", "venue", "license", "language", "source"),
)
# What people leave in front of an identifier that stands bare in the index.
_IDENTIFIER: Final = re.compile(r"(https?://(dx\.)?doi\.org/|doi:\s*|arxiv:\s*|https?://orcid\.org/)", re.IGNORECASE)


class Answer(Sequence[Row]):
    """Rows of a stored query.

    A list of dicts with the columns of the query's definition: IRIs are strings, columns with many values are lists,
    None means that nothing is known.

    Attributes:
        query: The definition that was run.
        sparql: The text that was run.
    """

    def __init__(self, query: StoredQuery, sparql: str, rows: list[Row]) -> None:
        self.query, self.sparql, self._rows = query, sparql, rows

    def __len__(self) -> int:
        """Number of rows."""
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        """One row, or a list of rows."""
        return self._rows[index]

    def __eq__(self, other: object) -> bool:
        """Equal to an answer or list with the same rows."""
        return self._rows == (other._rows if isinstance(other, Answer) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Name of the query and number of rows."""
        return f"<Answer of {self.query.name!r}: {len(self)} rows>"

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.query.columns]

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a pandas data frame (needs ``pip install 'stkg[pandas]'``)."""
        try:
            import pandas as pd
        except ImportError as error:
            raise StoreError("pandas is not installed: pip install 'stkg[pandas]'") from error
        return pd.DataFrame(self._rows, columns=self.columns)

    def _repr_html_(self) -> str:
        """The rows as a table for notebooks; every text is escaped."""
        from kg.tables import html_table

        return html_table(self._rows, self.query.columns)


class KnowledgeGraph:
    """The graph, opened for reading.

    For example ``KnowledgeGraph.open().query("methods", task="deconvolution", framework="PyTorch", since=2022)``.
    """

    def __init__(self, place: Path, engine: Engine = "oxigraph") -> None:
        self._place, self._engine = place, engine
        self._store: Store | None = None
        self._indexes: dict[str, NameIndex] = {}
        self._queries: dict[str, StoredQuery] | None = None

    @classmethod
    def open(cls, data: Path | str | None = None, *, engine: Engine = "oxigraph") -> Self:
        """Open the graph; it is built first when the cache has none for the catalog as it is.

        Args:
            data: A data folder; the catalog that came with STKG when None.
            engine: ``oxigraph``, or ``rdflib`` to have the slower second engine answer.

        Raises:
            CatalogError: The data folder does not exist, or the catalog has faults.
            StoreError: The cache cannot be written or read.
        """
        return cls(ensure_build(data_folder(data)), engine)

    @property
    def store(self) -> "Store":
        """The engine, opened on first use."""
        if self._store is None:
            from kg.store.oxigraph import OxigraphStore

            native = OxigraphStore.open(self._place / "store")
            if self._engine == "rdflib":
                from kg.store.rdflib_ import RdflibStore

                self._store = RdflibStore.in_memory(native.quads())
            else:
                self._store = native
        return self._store

    @property
    def queries(self) -> Mapping[str, StoredQuery]:
        """Stored queries by name."""
        if self._queries is None:
            content = self._read(lambda: json.loads((self._place / "queries.json").read_bytes()))
            self._queries = {name: from_json(value) for name, value in content.items()}
        return self._queries

    @property
    def built_on(self) -> str:
        """Day on which the store was built, as ``YYYY-MM-DD`` in UTC."""
        seconds = self._read(lambda: (self._place / "manifest.json").stat().st_mtime)
        return time.strftime("%Y-%m-%d", time.gmtime(seconds))

    def stored_query(self, name: str) -> StoredQuery:
        """The definition of a stored query.

        Raises:
            UnknownQueryError: There is none of this name; the message has the nearest.
        """
        try:
            return self.queries[name]
        except KeyError:
            import difflib

            near = difflib.get_close_matches(name[:60], self.queries, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "'stkg query --list' names them"
            raise UnknownQueryError(f"there is no stored query {shown(name)}: {hint}") from None

    def index(self, kind: str) -> NameIndex:
        """Name index of a record kind."""
        if kind not in self._indexes:
            self._indexes[kind] = self._read(lambda: read_index(self._place / "index", kind))
        return self._indexes[kind]

    def _read(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"the build in {self._place} is damaged ({error}): run 'stkg build'") from error

    def query(self, name: str, **parameters: Any) -> Answer:
        """Run a stored query.

        Args:
            name: Such as ``methods``; see :attr:`queries`.
            parameters: As the query declares them; names of tasks, methods and so on in any spelling.

        Raises:
            UnknownQueryError: No such query.
            QueryParameterError: A parameter is unknown, missing or does not fit.
        """
        query = self.stored_query(name)
        sparql = bind(query, parameters, self.index)
        return Answer(query, sparql, rows_of(self.store.select(sparql), query.columns))

    def sparql(self, text: str) -> Any:
        """Run SPARQL of your own on the graph.

        Args:
            text: A SELECT, ASK, CONSTRUCT or DESCRIBE query; the default graph is the union of all named graphs, and
                the prefixes of the project need not be declared.

        Returns:
            pyoxigraph's result: solutions, a truth value or triples.

        Raises:
            QuerySyntaxError: The text is not SPARQL.
            QueryForbiddenError: The text would make a request elsewhere.
        """
        from kg.ontology import prefixes
        from kg.queries.policy import refuse_federation
        from kg.store.oxigraph import OxigraphStore

        refuse_federation(text)
        store = self.store
        if not isinstance(store, OxigraphStore):
            store = OxigraphStore.open(self._place / "store")
        return store.query(text, prefixes=prefixes(resource_root("ontology")))

    def resolve(self, text: str) -> str:
        """IRI of the record that a name, slug, CURIE, DOI or IRI means; methods are looked up first.

        Raises:
            UnknownRecordError: Nothing has this name; the message has the nearest.
            WithdrawnRecordError: The record was withdrawn.
            QueryParameterError: Several records have it.
        """
        parsed = parse_record_iri(text) or parse_curie(text)
        if parsed is not None:
            slug = self.index(parsed[0]).current(parsed[1])
            if slug is not None:
                return record_iri(parsed[0], slug)
            raise UnknownRecordError(f"there is no {parsed[0]} {shown(parsed[1])}")
        return self._resolve_word(_IDENTIFIER.sub("", text.strip(), count=1))

    def _resolve_word(self, text: str) -> str:
        from kg.names import fold

        folded, near = fold(text), []
        for kind in _LOOK_UP:
            index = self.index(kind)
            if folded in index.names or index.current(text) is not None:
                return index.resolve(text)
        for kind in _LOOK_UP[:6]:
            near += self.index(kind).nearest(text, n_max=2)
        hint = f": did you mean {', '.join(near[:4])}?" if near else ""
        raise UnknownRecordError(f"nothing is called {shown(text)}{hint}")

    def label(self, iri: str) -> str:
        """Label of one of our records, or the IRI itself."""
        parsed = parse_record_iri(iri)
        if parsed is None:
            return iri
        return self.index(parsed[0]).labels.get(parsed[1], iri)

    def show(self, text: str) -> "RecordView":
        """Everything about one record, each fact with its sources.

        Args:
            text: Anything :meth:`resolve` takes.
        """
        from kg.records import record_view

        return record_view(self, self.resolve(text))

    def quads(self) -> "Iterator[ox.Quad]":
        """Every statement with its named graph."""
        return self.store.quads()

    def to_rdflib(self) -> "rdflib.Dataset":
        """The whole graph as an rdflib dataset whose default graph is the union of the named ones."""
        from kg.store.rdflib_ import RdflibStore

        store = self.store if isinstance(self.store, RdflibStore) else RdflibStore.in_memory(self.store.quads())
        return store.dataset

    def coauthors(self, *, task: str | None = None, min_papers: int = 1) -> "nx.Graph":
        """Who wrote papers with whom.

        Args:
            task: Only authors of methods for this task or a narrower one.
            min_papers: Only pairs with at least this many papers together; above 1, authors without such a pair are
                left out.

        Returns:
            Nodes are author IRIs; see :func:`kg.network.coauthor_graph` for the attributes.
        """
        from kg.network import coauthor_graph

        people = {str(row["author"]): row for row in self.query("authors", task=task)}
        pairs = [
            pair
            for pair in self.query("coauthors", min_papers=min_papers)
            if pair["author_a"] in people and pair["author_b"] in people
        ]
        if min_papers > 1:  # who has no such co-author has no place in the answer
            kept = {pair[end] for pair in pairs for end in ("author_a", "author_b")}
            people = {iri: row for iri, row in people.items() if iri in kept}
        return coauthor_graph(pairs, people.values())

    def lineage(self) -> "nx.DiGraph":
        """Which method comes from which.

        Returns:
            Nodes are method IRIs, edges run from the older to the newer method; see
            :func:`kg.network.lineage_graph` for the attributes.
        """
        from kg.network import lineage_graph

        edges = self.query("lineage-edges")
        methods = {row["method"]: row for row in self.query("methods")}
        for edge in edges:
            for end in ("child", "parent"):  # older methods of other fields are not among the methods of this one
                row: Row = dict.fromkeys(("repository", "paper")) | {"tasks": [], "frameworks": [], "languages": []}
                row |= {"method": edge[end], "label": edge[f"{end}_label"], "year": edge[f"{end}_year"]}
                methods.setdefault(edge[end], row)
        return lineage_graph(edges, methods.values())


__all__ = ["Answer", "Engine", "KnowledgeGraph"]
