"""Our writers of results against the engine's own, and the W3C's expected results."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.engine.frames import DATA, END, HEAD, HEADER
from kg.engine.limits import Limits
from kg.engine.results import GRAPHS, write_graph, write_solutions
from kg.engine.sink import Sink

STYLES = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
    "csv": ox.QueryResultsFormat.CSV,
}
TERMS = [
    "<http://a.org/x?y=1&z='2'>",
    '"plain"',
    '"say \\"hi\\" <b>&amp; \\\\ back"',
    '"line\\nfeed\\ttab\\rreturn, comma"',
    '"Åke 王 😀"',
    '""',
    '"hello"@en-GB',
    "12",
    "-1.50",
    "1e6",
    "true",
    '"+1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"no number"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date>',
    "<<( <a:s> <a:p> 'o' )>>",
    "UNDEF",
]


class Sent:
    """Takes the frames that a sink sends."""

    def __init__(self, **limits: int) -> None:
        self.heads: list[dict[str, object]] = []
        self.body = b""
        self.end: dict[str, object] = {}
        self.sink = Sink(self._take, Limits(**limits))

    def _take(self, data: bytes) -> None:
        while data:
            kind, length = HEADER.unpack(data[: HEADER.size])
            content, data = data[HEADER.size : HEADER.size + length], data[HEADER.size + length :]
            if kind == HEAD:
                self.heads.append(json.loads(content))
            elif kind == DATA:
                self.body += content
            else:
                assert kind == END
                self.end = json.loads(content)


def _query(text: str) -> ox.QuerySolutions:
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    return found


@pytest.mark.parametrize("style", ["json", "xml", "tsv"])
@pytest.mark.parametrize("term", TERMS)
def test_a_reader_gets_each_term_back(style: str, term: str) -> None:
    if style == "tsv" and "<<" in term:
        term = "'TSV of SPARQL 1.1 has no triples'"
    query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ({term} 1) (2 {term}) }} }}"
    sent = Sent()
    write_solutions(_query(query), style, sent.sink)
    sent.sink.finish()
    found = ox.parse_query_results(sent.body, format=STYLES[style])
    assert isinstance(found, ox.QuerySolutions)
    assert [tuple(row) for row in found] == [tuple(row) for row in _query(query)]
    assert sent.heads[0]["length"] == len(sent.body)


def test_csv_is_the_csv_of_the_engine() -> None:
    query = "SELECT ?x ?y { VALUES (?x ?y) { " + " ".join(f"({t} 1)" for t in TERMS if "<<" not in t) + " } }"
    sent = Sent()
    write_solutions(_query(query), "csv", sent.sink)
    sent.sink.finish()
    assert sent.body.splitlines() == (_query(query).serialize(format=STYLES["csv"]) or b"").splitlines()


@pytest.mark.parametrize("style", list(STYLES))
def test_no_rows_and_no_columns_are_fine(style: str) -> None:
    for query in ("SELECT ?x { FILTER(false) }", "SELECT * {}"):
        sent = Sent()
        write_solutions(_query(query), style, sent.sink)
        sent.sink.finish()
        if style in {"json", "xml"}:
            assert ox.parse_query_results(sent.body, format=STYLES[style])
        assert sent.end["broken"] is False


MANY = "SELECT ?x { VALUES ?a { 1 2 3 4 5 6 7 8 9 10 } VALUES ?b { 1 2 3 4 5 6 7 8 9 10 } BIND(?a + ?b AS ?x) }"


@pytest.mark.parametrize("style", list(STYLES))
def test_a_cut_answer_says_so(style: str) -> None:
    sent = Sent(rows=7)
    write_solutions(_query(MANY), style, sent.sink)
    sent.sink.finish()
    assert sent.heads[0]["headers"] == {"STKG-Truncated": "rows=7"}
    assert sent.end == {"rows": 7, "cut": True, "broken": False}
    if style == "json":
        found = json.loads(sent.body)
        assert "7 rows" in found["stkg:truncated"]
        assert len(found["results"]["bindings"]) == 7
    if style == "xml":
        solutions = ox.parse_query_results(sent.body, format=STYLES[style])
        assert isinstance(solutions, ox.QuerySolutions)
        assert len(list(solutions)) == 7
        assert b"7 rows" in sent.body


@pytest.mark.parametrize("style", list(STYLES))
def test_an_answer_cut_after_it_began_says_so_or_breaks(style: str) -> None:
    wide = MANY.replace("?a + ?b", f"'{'x' * 4000}'")
    sent = Sent(rows=90)
    write_solutions(_query(wide), style, sent.sink)
    sent.sink.finish()
    assert sent.heads[0] == {"type": "text/plain", "headers": {}, "status": 200, "length": None}
    assert sent.end == {"rows": 90, "cut": True, "broken": style in {"csv", "tsv"}}


def test_bytes_are_capped() -> None:
    wide = MANY.replace("?a + ?b", f"'{'x' * 4000}'")
    sent = Sent(out_bytes=300_000)
    write_solutions(_query(wide), "json", sent.sink)
    sent.sink.finish()
    assert sent.end["cut"] is True
    assert len(sent.body) < 600_000


@pytest.mark.parametrize("style", sorted(set(GRAPHS.values())))
def test_a_cut_graph_says_so_and_can_be_read(style: str) -> None:
    triples = [ox.Triple(ox.NamedNode(f"urn:{i}"), ox.NamedNode("urn:p"), ox.Literal(i)) for i in range(50)]
    sent = Sent(rows=9)
    write_graph(triples, style, {"xsd": "http://www.w3.org/2001/XMLSchema#"}, sent.sink)
    sent.sink.finish()
    assert sent.heads[0]["headers"] == {"STKG-Truncated": "rows=9"}
    assert len(list(ox.parse(sent.body, format=getattr(ox.RdfFormat, style)))) == 9
    assert style == "JSON_LD" or b"cut after 9 rows" in sent.body


def _plain(found: object) -> list[list[tuple[str, str]]]:
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    # Names of blank nodes mean nothing outside of a result, nor does the order of columns of SELECT *.
    return sorted(
        sorted((n, "_" if isinstance(t, ox.BlankNode) else str(t)) for n, t in zip(names, row, strict=True))
        for row in found
    )


@pytest.mark.parametrize(
    "suite, name, ending, style",
    [
        ("json-res", "jsonres01", "srj", "json"),
        ("json-res", "jsonres02", "srj", "json"),
        ("csv-tsv-res", "csvtsv01", "tsv", "tsv"),
        ("csv-tsv-res", "csvtsv02", "tsv", "tsv"),
    ],
)
def test_w3c_results(w3c_tests: Path, suite: str, name: str, ending: str, style: str) -> None:
    folder = w3c_tests / "sparql" / "sparql11" / suite
    store = ox.Store()
    store.load(path=str(folder / "data.ttl"), base_iri="http://example.org/")
    sent = Sent()
    solutions = store.query((folder / f"{name}.rq").read_text())
    assert isinstance(solutions, ox.QuerySolutions)
    write_solutions(solutions, style, sent.sink)
    sent.sink.finish()
    expected = ox.parse_query_results(path=str(folder / f"{name}.{ending}"), format=STYLES[style])
    assert _plain(ox.parse_query_results(sent.body, format=STYLES[style])) == _plain(expected)
