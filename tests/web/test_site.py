"""Health, metrics, descriptions, headers, CORS, the log, and no way out."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import quote

import jsonschema
import pyoxigraph as ox
import pytest

from tests.web.running import Running

PATHS = ["/", "/sparql", "/query", "/healthz", "/metrics", "/openapi.json", "/method/graphst.html", "/nothing/here"]


def test_health_looks_at_a_record(server: Running) -> None:
    found = json.loads(server.get("/healthz").body)
    assert found["status"] == "ok"
    assert found["statements"] > 5


def test_metrics_can_be_read_by_prometheus(server: Running) -> None:
    reply = server.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in reply.text.splitlines():
        assert line.startswith("# TYPE stkg_") or line.split("{")[0].split(" ")[0].startswith("stkg_")
        if not line.startswith("#"):
            float(line.rsplit(" ", 1)[1])


def test_void_counts_what_is_there(server: Running) -> None:
    void = "http://rdfs.org/ns/void#"
    reply = server.get("/.well-known/void", "text/turtle")
    store = ox.Store()
    store.load(reply.body, format=ox.RdfFormat.TURTLE)

    def one(query: str) -> int:
        found = store.query(f"PREFIX void: <{void}> {query}")
        assert isinstance(found, ox.QuerySolutions)
        return int(next(iter(found))[0].value)

    counted = json.loads(server.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)
    assert one("SELECT ?n { ?d void:triples ?n ; void:uriSpace ?u }") == int(
        counted["results"]["bindings"][0]["n"]["value"]
    )
    assert one("SELECT (SUM(?n) AS ?all) { ?d void:propertyPartition/void:triples ?n }") == one(
        "SELECT ?n { ?d void:triples ?n ; void:uriSpace ?u }"
    )
    assert one("SELECT (COUNT(?p) AS ?n) { ?d void:classPartition ?p . ?p void:class ?c ; void:entities ?e }") == one(
        "SELECT ?n { ?d void:classes ?n }"
    )
    for accept in ("application/ld+json", "application/rdf+xml", "application/n-triples"):
        assert server.get("/.well-known/void", accept).type == accept


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_headers_for_safety(server: Running, path: str) -> None:
    headers = server.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/sparql", "/query/methods", "/method/graphst"])
def test_preflight_is_answered(server: Running, path: str) -> None:
    asked = {"Origin": "https://a.org", "Access-Control-Request-Method": "POST"}
    reply = server.ask(path, "OPTIONS", headers=asked)
    assert (reply.status, reply.body) == (204, b"")
    assert "POST" in reply.headers["access-control-allow-methods"]
    assert "Content-Type" in reply.headers["access-control-allow-headers"]


def test_the_log_is_structured_and_has_no_query_in_it(server: Running) -> None:
    server.sparql("ASK { <urn:secret-word> ?p ?o }")
    server.get("/query/search?text=secret-word")
    server.ask("/sparql", "POST", b"ASK { <urn:secret-word> ?p", {"Content-Type": "application/sparql-query"})
    time.sleep(0.2)
    lines = [json.loads(line) for line in server.lines if line.startswith("{")]
    assert {"time", "client", "method", "route", "path", "status", "bytes", "ms"} <= set(lines[-1])
    assert "secret-word" not in "".join(server.lines)


def test_openapi_describes_every_stored_query(server: Running) -> None:
    document = json.loads(server.get("/openapi.json").body)
    assert document["openapi"].startswith("3.1")
    names = [query["name"] for query in json.loads(server.get("/query").body)["queries"]]
    assert {f"/query/{name}" for name in names} == {p for p in document["paths"] if p.startswith("/query/")}
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                jsonschema.Draft202012Validator.check_schema(parameter["schema"])
    row = document["paths"]["/query/methods"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(json.loads(server.get("/query/methods").body), row)


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[bytes]]]:
    """A server of ours that nobody should ever reach."""
    hits: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            hits.append(b"hit")
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/x", hits
    stop.set()
    thread.join()
    listener.close()


def test_nothing_is_fetched_from_anywhere(server: Running, canary: tuple[str, list[bytes]]) -> None:
    address, hits = canary
    queries = [
        f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
        f"PREFIX p: <{address}> SELECT * {{ SERVICE:p{{}} }}",
        f"PREFIX p: <{address}> SELECT * {{ SERVICEp:{{}} }}",
        f"SELECT * {{ \\u0053ERVICE <{address}> {{}} }}",
        f"SELECT * {{ sErViCe SILENT <{address}> {{}} }}",
        f"SELECT * {{ BIND(<{address}> AS ?x) SERVICE ?x {{}} }}",
        f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT * {{ GRAPH <{address}> {{ ?s ?p ?o }} }}",
        f"DESCRIBE <{address}>",
        f"LOAD <{address}>",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    ]
    for query in queries:
        reply = server.sparql(query)
        assert reply.status in {200, 400, 403}
        assert b"root:" not in reply.body
        if reply.status == 200 and reply.type.endswith("json"):
            assert json.loads(reply.body)["results"]["bindings"] == []
    for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri", "url", "context"):
        server.sparql("SELECT * { ?s ?p ?o }", more=f"&{name}={quote(address)}")
    for header in ("Referer", "Link", "X-Forwarded-Host", "X-Forwarded-For", "Forwarded", "Origin", "From"):
        server.ask("/method/graphst.jsonld", headers={header: f'<{address}>; rel="x"'})
    server.get("/sparql", f'application/ld+json;profile="{address}"')
    body = json.dumps({"@context": address}).encode()
    server.ask("/sparql", "POST", body, {"Content-Type": "application/ld+json"})
    time.sleep(0.3)
    assert hits == []
