"""Clients of other people ask the endpoint, none with a setting of its own for us."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import SPARQLWrapper as wrapping  # noqa: N813 - its module has the name of its class
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef, Variable
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from kg.iris import BASE, TERMS
from tests.web.running import Running

STKG = Namespace(TERMS)
GRAPHST = URIRef(f"{BASE}method/graphst")
SELECT = f"SELECT ?m ?label {{ ?m a <{TERMS}Method> ; <{RDFS.label}> ?label }} ORDER BY ?m"
# Half of the answer is with the asker, half with us.
JOINED = (
    f"SELECT ?a ?m {{{{ ?a <{RDFS.label}> ?label .\n"
    f"SERVICE <{{endpoint}}> {{{{ ?m a <{TERMS}Method> ; <{RDFS.label}> ?label }}}} }}}}"
)


@pytest.fixture
def endpoint(server: Running) -> str:
    return f"http://127.0.0.1:{server.port}/sparql"


@pytest.mark.parametrize("method", [wrapping.GET, wrapping.POST])
@pytest.mark.parametrize("request_method", [wrapping.URLENCODED, wrapping.POSTDIRECTLY])
def test_sparqlwrapper(endpoint: str, method: str, request_method: str) -> None:
    if method == wrapping.GET and request_method == wrapping.POSTDIRECTLY:
        method = wrapping.POST  # it knows no other way to send the query itself
    client: Any = wrapping.SPARQLWrapper(endpoint)
    client.setMethod(method)
    client.setRequestMethod(request_method)
    client.setQuery(SELECT)
    client.setReturnFormat(wrapping.JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert {"type": "literal", "value": "GraphST"} in [row["label"] for row in rows]
    client.setReturnFormat(wrapping.XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == len(rows)
    for style in (wrapping.CSV, wrapping.TSV):
        client.setReturnFormat(style)
        assert len(client.queryAndConvert().splitlines()) == len(rows) + 1
    client.setQuery("ASK { ?s ?p ?o }")
    client.setReturnFormat(wrapping.JSON)
    assert client.queryAndConvert()["boolean"] is True


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("style", [wrapping.TURTLE, wrapping.RDFXML, wrapping.JSONLD, wrapping.N3])
@pytest.mark.parametrize("query", [f"DESCRIBE <{GRAPHST}>", f"CONSTRUCT WHERE {{ <{GRAPHST}> ?p ?o }}"])
def test_sparqlwrapper_gets_graphs(endpoint: str, style: str, query: str) -> None:
    client: Any = wrapping.SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setReturnFormat(style)
    found = client.queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert (GRAPHST, RDF.type, STKG.Method) in graph


def test_sparqlwrapper_is_told_of_errors(endpoint: str) -> None:
    client: Any = wrapping.SPARQLWrapper(endpoint)
    client.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(wrapping.SPARQLExceptions.QueryBadFormed, match="not SPARQL: line 1"):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(endpoint: str, method: str) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat="json"))
    assert (GRAPHST, RDF.type, STKG.Method) in graph
    assert Literal("GraphST") in set(graph.objects(GRAPHST, RDFS.label))
    assert len(graph) > 1000
    rows = list(graph.query(SELECT))
    assert len(rows) >= 5
    query = "SELECT ?label { ?m rdfs:label ?label }"
    bound = graph.query(query, initBindings={"m": GRAPHST}, initNs={"rdfs": RDFS}).bindings
    assert [str(row[Variable("label")]) for row in bound] == ["GraphST"]
    assert graph.query(f"ASK {{ <{GRAPHST}> ?p ?o }}").askAnswer is True


def test_rdflib_asks_us_as_a_service(endpoint: str) -> None:
    """Another store that holds half of the answer joins it with ours."""
    own = Graph()
    own.add((URIRef("urn:a"), RDFS.label, Literal("GraphST")))
    query = JOINED.format(endpoint=endpoint)
    assert {row[Variable("m")] for row in own.query(query).bindings} == {GRAPHST}


def test_oxigraph_asks_us_as_a_service(endpoint: str) -> None:
    own = ox.Store()
    own.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode(str(RDFS.label)), ox.Literal("GraphST")))
    query = JOINED.format(endpoint=endpoint)
    found = own.query(query)
    assert isinstance(found, ox.QuerySolutions)
    assert [row["m"] for row in found] == [ox.NamedNode(str(GRAPHST))]


def _curl(*words: str) -> bytes:
    return subprocess.run(
        ["curl", "-sS", "--fail-with-body", *words], check=True, capture_output=True, timeout=30
    ).stdout


def test_curl(server: Running, endpoint: str, tmp_path: Path) -> None:
    query = tmp_path / "query.rq"
    query.write_text(SELECT)
    ways = (
        ("--get", "--data-urlencode", f"query={SELECT}"),
        ("--data-urlencode", f"query@{query}"),
        ("-H", "Content-Type: application/sparql-query", "--data-binary", f"@{query}"),
        ("--http1.0", "--data-urlencode", f"query@{query}"),
        ("-H", "Expect: 100-continue", "--data-urlencode", f"query@{query}"),
        ("-H", "Transfer-Encoding: chunked", "--data-urlencode", f"query@{query}"),
        ("--compressed", "--data-urlencode", f"query@{query}"),
    )
    answers = [json.loads(_curl(*words, endpoint))["results"]["bindings"] for words in ways]
    assert all(answer == answers[0] and len(answer) >= 5 for answer in answers)
    page = f"http://127.0.0.1:{server.port}/method/graphst"
    assert b"stkg:Method" in _curl("-L", "-H", "Accept: text/turtle", page)
    assert b"<html" in _curl("-L", "-H", "Accept: text/html", page)
    assert b"200 OK" in _curl("-I", f"{page}.ttl")


def test_browsers_ask_first_and_may(server: Running) -> None:
    """What a page of another site does before it posts a query."""
    asked = {
        "Origin": "https://yasgui.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, accept",
    }
    reply = server.ask("/sparql", "OPTIONS", headers=asked)
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "*"
