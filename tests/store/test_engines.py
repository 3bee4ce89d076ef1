"""One contract for both engines."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest

from kg import KnowledgeGraph
from kg.errors import QueryForbiddenError, QueryParameterError, QuerySyntaxError, UnknownQueryError, UnknownRecordError
from kg.queries.policy import refuse_federation
from kg.store import Store
from kg.store.oxigraph import OxigraphStore
from kg.store.rdflib_ import RdflibStore

EX = "https://example.org/"
INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
A, B, P, Q = (ox.NamedNode(EX + name) for name in "abpq")
QUADS = [
    ox.Quad(A, P, ox.Literal("x", language="en"), ox.NamedNode(EX + "g1")),
    ox.Quad(A, P, ox.Literal("7", datatype=INTEGER), ox.NamedNode(EX + "g2")),
    ox.Quad(A, Q, B, ox.NamedNode(EX + "g2")),
]


@pytest.fixture(params=[OxigraphStore, RdflibStore], ids=["oxigraph", "rdflib"])
def store(request: pytest.FixtureRequest) -> Store:
    made: Store = request.param.in_memory(QUADS)
    return made


def test_the_default_graph_is_the_union(store: Store) -> None:
    rows = store.select(f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }} ORDER BY STR(?o)").rows
    assert [str(row[0]) for row in rows] == ['"7"^^<http://www.w3.org/2001/XMLSchema#integer>', '"x"@en']


def test_named_graphs_can_be_asked(store: Store) -> None:
    rows = store.select(f"SELECT ?g WHERE {{ GRAPH ?g {{ <{EX}a> <{EX}q> ?o }} }}").rows
    assert [row[0] for row in rows] == [ox.NamedNode(EX + "g2")]


def test_unbound_is_none(store: Store) -> None:
    table = store.select(f"SELECT ?s ?x WHERE {{ ?s <{EX}q> ?o OPTIONAL {{ ?s <{EX}none> ?x }} }}")
    assert list(table.variables) == ["s", "x"]
    assert table.rows[0][1] is None


def test_quads_come_back(store: Store) -> None:
    assert set(store.quads()) == set(QUADS)


@pytest.mark.parametrize("text", ["SELECT", "SELECT * WHERE {", "ASK {}", "INSERT DATA { <a:b> <a:b> <a:b> }", ""])
def test_what_is_not_select_is_refused(store: Store, text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        store.select(text)


def test_from_fetches_nothing(store: Store, tmp_path: object) -> None:
    for name in ("http://127.0.0.1:9/x", "file:///etc/hostname"):
        try:
            rows: Iterable[object] = store.select(f"SELECT * FROM <{name}> WHERE {{ ?s ?p ?o }}").rows
        except QuerySyntaxError:
            continue
        assert list(rows) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> {} }",
        "SELECT * { SERVICE:p{} }",
        "SELECT * { service silent <x:y> {} }",
        "SELECT * { SERVI\\u0043E <x:y> {} }",
        "SELECT * { \\U00000053ERVICE <x:y> {} }",
        "SELECT * { FILTER(trueSERVICE<x:y>{}) }",
    ],
)
def test_federation_is_refused(toy_graph: KnowledgeGraph, text: str) -> None:
    with pytest.raises(QueryForbiddenError):
        refuse_federation(text)
    with pytest.raises(QueryForbiddenError):
        toy_graph.sparql(text)


def test_a_syntax_error_has_its_place(toy_graph: KnowledgeGraph) -> None:
    with pytest.raises(QuerySyntaxError, match=r"line 2, column \d+"):
        toy_graph.sparql("SELECT ?m\nWHERE { ?m x }")


def test_unknown_names_give_the_nearest(toy_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownQueryError, match="did you mean methods"):
        toy_graph.query("method")
    with pytest.raises(UnknownRecordError, match="GraphST"):
        toy_graph.show("GrapST")
    with pytest.raises(UnknownRecordError, match="no method 'nothing'"):
        toy_graph.show("method:nothing")
    with pytest.raises(QueryParameterError, match="several"):
        KnowledgeGraph._resolve_word(_Ambiguous(toy_graph._place), "twin")


class _Ambiguous(KnowledgeGraph):
    """A graph in which two methods have one name."""

    def index(self, kind: str):  # type: ignore[no-untyped-def]
        from kg.names import NameIndex

        return NameIndex(kind, {"twin-a": "Twin", "twin-b": "Twin"}, {"twin": ["twin-a", "twin-b"]})


def test_the_store_is_read_only(toy_graph: KnowledgeGraph) -> None:
    with pytest.raises(QuerySyntaxError):
        toy_graph.sparql("DELETE WHERE { ?s ?p ?o }")


def test_the_union_gives_each_statement_once(real_graph: KnowledgeGraph) -> None:
    counted = real_graph.store.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows[0][0]
    distinct = {quad.triple for quad in real_graph.quads()}
    assert int(counted.value) == len(distinct)  # type: ignore[union-attr]
