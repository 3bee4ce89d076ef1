"""The W3C's suites of SPARQL queries over HTTP: each asked of a running server, of the graphs that the test names.

All data stands in one store, each file as a graph of its own; ``default-graph-uri`` and ``named-graph-uri`` pick those
of a test. Entailment, federation and update are not served and not asked.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from tests.web.running import Reply, Running
from tests.web.suites import Case, cases, load, read
from tests.web.test_w3c_protocol import START

SUITES = {
    "sparql11": (
        *("aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions", "grouping"),
        *("json-res", "negation", "project-expression", "property-path", "subquery", "syntax-query"),
    ),
    "sparql10": (
        *("algebra", "ask", "basic", "bnode-coreference", "boolean-effective-value", "bound", "cast", "construct"),
        *("dataset", "distinct", "expr-builtin", "expr-equals", "expr-ops", "graph", "i18n", "open-world"),
        *("optional", "optional-filter", "reduced", "regex", "solution-seq", "sort", "syntax-sparql1"),
        *("syntax-sparql2", "syntax-sparql3", "syntax-sparql4", "syntax-sparql5", "triple-match", "type-promotion"),
    ),
}
NAMES = [f"{version}/{suite}" for version, names in SUITES.items() for suite in names]
# What the engine answers otherwise than the suite; asked of it alone, without a server, it answers the same.
KNOWN = {
    "values of numbers, days and truth values are kept, not how they were written": (
        *("csv-tsv-res/tsv03", "distinct/distinct-1", "distinct/distinct-9", "expr-builtin/dawg-str-1"),
        *("expr-builtin/dawg-str-2", "expr-builtin/sameTerm-simple", "expr-builtin/sameTerm-eq"),
        *("expr-builtin/sameTerm-not-eq", "expr-equals/eq-graph-1", "expr-equals/eq-graph-2"),
        *("open-world/open-eq-01", "open-world/date-3"),
    ),
    "days can be compared, which the suite of 2008 leaves open": ("open-world/date-2",),
    "GRAPH ?g leaves ?g unbound, or out, where nothing in the braces needs the graph": (
        *("aggregates/agg-empty-group-count-graph", "bindings/graph", "negation/graph-minus"),
        *("graph/graph-variable-scope", "graph/graph-optional"),
    ),
    "a path of no length does not reach a term that is not in the data": (
        *("property-path/zero_or_more_set_start", "property-path/zero_or_more_set_end"),
        *("property-path/zero_or_one_set_start", "property-path/zero_or_one_set_end"),
    ),
    "GROUP_CONCAT of texts in one language keeps that language": (
        *("aggregates/agg-groupconcat-04", "aggregates/agg-groupconcat-06"),
    ),
    "BNODE of one text is one node in all rows": ("functions/bnode01",),
    "TRUE and FALSE are read in lower case only": ("expr-builtin/case-insensitive-booleans",),
    "?a<?b&&?c>?d is read as two comparisons, not as an IRI": ("syntax-sparql3/syn-bad-26",),
}
EXCEPTIONS = {name: reason for reason, names in KNOWN.items() for name in names}
# Each format of results is used by every third test.
ASKED = {
    "application/sparql-results+json": ".srj",
    "application/sparql-results+xml": ".srx",
    "text/tab-separated-values": ".tsv",
}


@pytest.fixture(scope="module")
def suites_server(w3c_tests: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of the data of all suites."""
    place = tmp_path_factory.mktemp("suites")
    store = ox.Store(str(place / "store"))
    for name in NAMES:
        load(store, w3c_tests / "sparql" / name)
    store.flush()
    del store
    (place / "queries.json").write_text("{}")
    (place / "manifest.json").write_text('{"key": "w3c"}')
    running = Running([sys.executable, "-c", START, str(place)])
    yield running
    assert running.stop() == 0


def _ask(server: Running, case: Case, accept: str) -> Reply:
    text = case.query.read_text(encoding="utf-8")
    graphs = [("default-graph-uri", iri) for iri in case.data] + [("named-graph-uri", iri) for iri in case.named]
    if re.search(r"\bFROM\b", text, re.IGNORECASE):
        graphs = []  # the query names its graphs itself
    elif not graphs:
        graphs = [("default-graph-uri", "urn:nothing")]
    # The server resolves by its own base; the tests by the address of the query.
    body = f"BASE <file://{case.query}>\n{text}".encode()
    path = f"/sparql?{urlencode(graphs)}"
    return server.ask(path, "POST", body, {"Content-Type": "application/sparql-query", "Accept": accept})


def _fault(server: Running, case: Case, number: int) -> str | None:
    accept = list(ASKED)[number % 3]
    if case.kind != "evaluate":
        reply = _ask(server, case, f"{accept}, text/turtle;q=0.9, */*;q=0.1")
        # A function that nobody defined is SPARQL all the same; that it cannot be answered is another error.
        is_sparql = reply.status == 200 or json.loads(reply.body)["type"] == "urn:stkg:problem:query"
        return None if is_sparql == (case.kind == "accept") else f"{case.kind}: {reply.status} {reply.text[:200]}"
    assert case.result is not None
    expected = read(case.result.read_bytes(), case.result.suffix, f"file://{case.result}")
    if case.result.suffix == ".csv":
        accept = "text/csv"
    elif expected.boolean is not None and accept.startswith("text/"):
        accept = "application/sparql-results+xml"
    reply = _ask(server, case, f"{accept}, text/turtle;q=0.5")
    if reply.status != 200:
        return f"{reply.status} {reply.text[:200]}"
    suffix = {**ASKED, "text/csv": ".csv", "text/turtle": ".ttl"}[reply.type]
    found = read(reply.body, suffix)
    if expected.is_ordered and expected.rows != found.rows:
        return f"another order: {found.rows[:5]}, not {expected.rows[:5]}"
    if found.canonical(lax=case.is_lax) != expected.canonical(lax=case.is_lax):
        return f"{found.rows[:5]}, not {expected.rows[:5]}"
    return None


@pytest.mark.parametrize("name", NAMES)
def test_suite(suites_server: Running, w3c_tests: Path, name: str) -> None:
    wrong, asked = {}, 0
    for number, case in enumerate(cases(w3c_tests / "sparql" / name)):
        asked += 1
        if fault := _fault(suites_server, case, number):
            wrong[case.name] = fault
    assert asked
    unexpected = {key: value for key, value in wrong.items() if key not in EXCEPTIONS}
    assert unexpected == {}
    known = {key for key in EXCEPTIONS if key.startswith(f"{name.partition('/')[2]}/")}
    assert known <= set(wrong), "an exception is none any more: take it out"
