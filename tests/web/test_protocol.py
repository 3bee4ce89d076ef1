"""The SPARQL 1.1 Protocol by table: what is taken, and how the rest is refused."""

import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from tests.web.running import Running

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
ASK = "ASK { ?s ?p ?o }"
ENCODED = quote(ASK)
GRAPH = "https://w3id.org/stkg/graph/method/graphst"


@pytest.mark.parametrize(
    "method, path, body, kind, status",
    [
        ("GET", f"/sparql?query={ENCODED}", None, None, 200),
        ("HEAD", f"/sparql?query={ENCODED}", None, None, 200),
        ("GET", f"/sparql?query={ENCODED}&format=json&unknown=1", None, None, 200),
        ("POST", "/sparql", f"query={ENCODED}", FORM, 200),
        ("POST", "/sparql", f"query={ENCODED}", f"{FORM}; charset=UTF-8", 200),
        ("POST", "/sparql", ASK, DIRECT, 200),
        ("POST", "/sparql", ASK, f"{DIRECT};charset=utf-8", 200),
        ("POST", "/sparql", "ASK { ?s ?p 'Åke 王' }", DIRECT, 200),
        ("GET", "/sparql", None, None, 200),
        ("GET", f"/sparql?query={ENCODED}&query={ENCODED}", None, None, 400),
        ("GET", "/sparql?query=ASK+%7B", None, None, 400),
        ("GET", "/sparql?query=", None, None, 400),
        ("GET", "/sparql?query=%FF%FE", None, None, 400),
        ("GET", "/sparql?query=INSERT+DATA+%7B%3Ca:b%3E+%3Ca:c%3E+1%7D", None, None, 400),
        ("GET", "/sparql?update=CLEAR+ALL", None, None, 400),
        ("GET", f"/sparql?query={ENCODED}&default-graph-uri=not+an+iri", None, None, 400),
        ("POST", "/sparql", "", FORM, 400),
        ("POST", "/sparql", f"query={ENCODED}&query={ENCODED}", FORM, 400),
        ("POST", "/sparql", "query=%C3%28", FORM, 400),
        ("POST", f"/sparql?query={ENCODED}", f"query={ENCODED}", FORM, 400),
        ("POST", f"/sparql?query={ENCODED}", ASK, DIRECT, 400),
        ("POST", "/sparql", f"query={ENCODED}&update=CLEAR+ALL", FORM, 400),
        ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", DIRECT, 400),
        ("POST", "/sparql", "update=CLEAR+ALL", FORM, 403),
        ("POST", "/sparql", "CLEAR ALL", "application/sparql-update", 403),
        ("GET", f"/sparql?query={quote('ASK { SERVICE <http://127.0.0.1/> {} }')}", None, None, 403),
        ("PUT", "/sparql", ASK, DIRECT, 405),
        ("DELETE", "/sparql", None, None, 405),
        ("PATCH", "/sparql", ASK, DIRECT, 405),
        ("POST", "/sparql", ASK, "application/octet-stream", 415),
        ("POST", "/sparql", ASK, "text/plain", 415),
        ("POST", "/sparql", ASK, None, 415),
        ("POST", "/sparql", ASK, f"{DIRECT}; charset=utf-16", 415),
        ("POST", "/sparql", f"query={ENCODED}", f"{FORM}; charset=latin-1", 415),
        ("POST", "/sparql", "x" * 1_100_000, DIRECT, 413),
    ],
)
def test_each_request_has_its_status(
    server: Running, method: str, path: str, body: str | bytes | None, kind: str | None, status: int
) -> None:
    content = body.encode() if isinstance(body, str) else body
    reply = server.ask(path, method, content, {"Content-Type": kind} if kind else {})
    assert reply.status == status
    if status >= 400:
        assert reply.type == "application/problem+json"
        problem = json.loads(reply.body)
        assert problem["status"] == status
        assert problem["detail"]
    if status == 405:
        assert set(reply.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST"}


def test_a_syntax_error_has_its_place(server: Running) -> None:
    problem = json.loads(server.sparql("SELECT *\n{ ?s ?p }").body)
    assert problem["type"] == "urn:stkg:problem:query-syntax"
    assert "line 2" in problem["detail"]


def test_a_form_is_decoded_once(server: Running) -> None:
    body = urlencode({"query": "SELECT ('a%20b+c' AS ?x) {}"}).encode()
    reply = server.ask("/sparql", "POST", body, {"Content-Type": FORM})
    assert json.loads(reply.body)["results"]["bindings"][0]["x"]["value"] == "a%20b+c"


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o } LIMIT 5", "DESCRIBE <https://w3id.org/stkg/method/graphst>"])
def test_head_is_get_without_its_body(server: Running, query: str) -> None:
    path = f"/sparql?query={quote(query)}"
    got, head = server.ask(path), server.ask(path, "HEAD")
    assert head.body == b""
    volatile = {"date"}
    assert {k: v for k, v in head.headers.items() if k not in volatile} == {
        k: v for k, v in got.headers.items() if k not in volatile
    }


def _ask(server: Running, query: str, **graphs: list[str]) -> bool:
    more = "".join(f"&{name.replace('_', '-')}={quote(iri)}" for name, iris in graphs.items() for iri in iris)
    reply = server.sparql(query, more=more)
    assert reply.status == 200
    return bool(json.loads(reply.body)["boolean"])


def test_the_dataset_of_the_protocol_counts(server: Running) -> None:
    here = "ASK { <https://w3id.org/stkg/method/graphst> a ?c }"
    named = "ASK { GRAPH ?g { <https://w3id.org/stkg/method/graphst> a ?c } }"
    other = "https://w3id.org/stkg/graph/method/rctd"
    assert _ask(server, here)
    assert _ask(server, here, default_graph_uri=[GRAPH])
    assert _ask(server, here, default_graph_uri=[other, GRAPH])
    assert not _ask(server, here, default_graph_uri=[other])
    assert not _ask(server, here, default_graph_uri=["http://127.0.0.1:1/nothing"])
    assert not _ask(server, here, named_graph_uri=[GRAPH])
    assert _ask(server, named, named_graph_uri=[GRAPH])
    assert not _ask(server, named, named_graph_uri=[other])
    assert not _ask(server, named, default_graph_uri=[GRAPH])
    # What the protocol says wins over what the query says.
    assert not _ask(server, here.replace("{", f"FROM <{GRAPH}> {{", 1), default_graph_uri=[other])
    assert _ask(server, here.replace("{", f"FROM <{other}> {{", 1), default_graph_uri=[GRAPH])
    body = urlencode({"query": here, "default-graph-uri": other}).encode()
    assert json.loads(server.ask("/sparql", "POST", body, {"Content-Type": FORM}).body)["boolean"] is False
    direct = server.ask(f"/sparql?default-graph-uri={quote(other)}", "POST", here.encode(), {"Content-Type": DIRECT})
    assert json.loads(direct.body)["boolean"] is False


def _triples(content: bytes) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)}


def test_the_service_description_says_what_the_endpoint_does(server: Running) -> None:
    sd, endpoint = "http://www.w3.org/ns/sparql-service-description#", f"http://127.0.0.1:{server.port}/sparql"
    triples = _triples(server.get("/sparql", "text/turtle").body)
    for wanted in (
        f"<{endpoint}#service> <{sd}endpoint> <{endpoint}>",
        f"<{endpoint}#service> <{sd}supportedLanguage> <{sd}SPARQL11Query>",
        f"<{endpoint}#service> <{sd}feature> <{sd}UnionDefaultGraph>",
        f"<{endpoint}#service> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{sd}Service>",
    ):
        assert wanted in triples
    assert server.get("/sparql", "image/png").status == 406


@pytest.mark.parametrize("host", ["a b", "a<b>", "", "x" * 300, "a/b"])
def test_a_host_that_is_none_is_refused(server: Running, host: str) -> None:
    headers: Mapping[str, str] = {"Host": host}
    assert server.ask("/sparql", headers=headers).status == 400
