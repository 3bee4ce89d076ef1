"""Nothing a client sends makes the server ask another address or open a file: every route, field and header is tried.

Two canaries wait: a server that counts who connects, in both families of addresses, and a file with a word in it.
"""

import itertools
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest

from kg.queries.library import load_library
from kg.resources import resource_root
from tests.web.running import Reply, Running

WORD = "canary-in-a-file-7d1f"
QUERIES = load_library(resource_root("queries"))


class Canary(NamedTuple):
    """Places that must stay untouched.

    Attributes:
        addresses: Web addresses that count who comes.
        files: Addresses and paths of the file.
        hits: What came.
    """

    addresses: list[str]
    files: list[str]
    hits: list[str]


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    """Both canaries."""
    file = tmp_path_factory.mktemp("canary") / "secret.ttl"
    file.write_text(f'<urn:s> <urn:p> "{WORD}" .')
    hits: list[str] = []
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            hits.append(connection.recv(100).decode("latin-1"))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    port = listener.getsockname()[1]
    addresses = [
        f"http://{host}:{port}/x" for host in ("127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:127.0.0.1]")
    ]
    files = [f"file://{file}", f"file://localhost{file}", str(file), f"../../../../../../../..{file}"]
    yield Canary(addresses, files, hits)
    stop.set()
    thread.join()
    listener.close()


def _check(canary: Canary, reply: Reply, what: str) -> None:
    assert WORD.encode() not in reply.body, what
    assert canary.hits == [], what
    assert 200 <= reply.status < 500, (what, reply)


# {0} is an IRI. Ways to write SERVICE that some reader has taken for it, and some that only look like it.
SERVICES = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE<{0}>{{ ?s ?p ?o }} }}",
    "SELECT * {{ service <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ sErViCe SiLeNt <{0}> {{ ?s ?p ?o }} }}",
    "PREFIX p: <{0}> SELECT * {{ SERVICE p: {{ ?s ?p ?o }} }}",
    "PREFIX p: <{0}> SELECT * {{ SERVICE:p{{}} }}",
    "PREFIX : <{0}> SELECT * {{ SERVICE:{{ ?s ?p ?o }} }}",
    "PREFIX p: <{0}> SELECT * {{ SERVICE SILENT p:{{ ?s ?p ?o }} }}",
    "PREFIX SERVICE: <{0}> SELECT * {{ SERVICE SERVICE: {{ ?s ?p ?o }} }}",
    "BASE <{0}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERV\\u0049CE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\U00000053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SER#x\nVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ #x\nSERVICE#y\n<{0}>#z\n{{ ?s ?p ?o }} }}",
    "SELECT * {{\tSERVICE\r\n<{0}>\n{{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{0}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "ASK {{ ?s ?p ?o MINUS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p '#' SERVICE <{0}> {{ ?s ?p ?o }} }}",
    'SELECT * {{ ?s ?p """\'\'\'""" SERVICE <{0}> {{ ?s ?p ?o }} }}',
    "SELECT * {{ ?s <a#b> ?o SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ＳＥＲＶＩＣＥ <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVI\u0000CE <{0}> {{ ?s ?p ?o }} }}",
)
OTHERS = (
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "BASE <{0}> SELECT * FROM <> {{ ?s ?p ?o }}",
    "DESCRIBE <{0}>",
    "DESCRIBE <{0}> FROM <{0}>",
    "CONSTRUCT FROM <{0}> WHERE {{ ?s ?p ?o }}",
    "ASK FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * {{ BIND(<{0}>() AS ?x) }}",
    "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <urn:g>",
    "INSERT DATA {{ <{0}> <{0}> <{0}> }}",
    "COPY <{0}> TO <urn:g>",
)


@pytest.mark.parametrize("template", SERVICES + OTHERS)
def test_no_spelling_of_a_query_goes_out(server: Running, canary: Canary, template: str) -> None:
    places = canary.addresses if template in SERVICES[:8] else canary.addresses[:1]
    for place in [*places, canary.files[0]]:
        query = template.format(place)
        _check(canary, server.sparql(query), query)
        for kind in ("application/sparql-query", "application/sparql-update"):
            _check(canary, server.ask("/sparql", "POST", query.encode(), {"Content-Type": kind}), query)
        for field in ("query", "update"):
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            _check(canary, server.ask("/sparql", "POST", urlencode({field: query}).encode(), form), query)


def test_no_graph_parameter_goes_out(server: Running, canary: Canary) -> None:
    names = ("default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri", "graph", "base", "url")
    for name, place in itertools.product(names, canary.addresses + canary.files):
        reply = server.sparql(
            "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 3", more=f"&{name}={quote(place)}"
        )
        _check(canary, reply, f"{name}={place}")


def test_no_parameter_of_a_stored_query_goes_out(server: Running, canary: Canary) -> None:
    for query in QUERIES.values():
        for name in [parameter.name for parameter in query.parameters] + [
            "limit",
            "offset",
            "callback",
            "context",
            "url",
        ]:
            for place in (canary.addresses[0], canary.files[0], canary.files[3]):
                path = f"/query/{query.name}?{urlencode({name: place})}"
                _check(canary, server.get(path), path)


ROUTES = (
    *("/", "/sparql", "/query", "/query/methods", "/healthz", "/metrics", "/openapi.json", "/.well-known/void"),
    *("/.well-known/sparql-examples", "/void", "/ontology", "/method/graphst", "/method/graphst.jsonld", "/nothing"),
    *("/method/graphst.html", "/graph/method/graphst.ttl", "/query/methods.ttl", "/ontology/0.1.0.rdf"),
)
HEADERS = (
    *(
        "Host",
        "X-Forwarded-Host",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Real-IP",
    ),
    *("Referer", "Origin", "Link", "From", "Via", "X-Original-URL", "X-Rewrite-URL", "Content-Location", "Destination"),
    *("Accept", "Accept-Profile", "Accept-Datetime", "If-None-Match", "Cookie", "Authorization", "User-Agent", "TE"),
)


@pytest.mark.parametrize("header", HEADERS)
def test_no_header_goes_out(server: Running, canary: Canary, header: str) -> None:
    address, host = canary.addresses[0], canary.addresses[0].split("/")[2]
    values = [address, host, f'<{address}>; rel="http://www.w3.org/ns/json-ld#context"', f"for={host};host={host}"]
    for route, value in itertools.product(ROUTES, values):
        reply = server.ask(route, headers={header: value})
        _check(canary, reply, f"{header}: {value} at {route}")
        if header.startswith("X-") or header == "Forwarded":  # nobody is believed unless told to
            assert host.encode() not in reply.body
            assert host not in reply.headers.get("location", "")


def test_no_context_of_json_ld_is_fetched(server: Running, canary: Canary) -> None:
    address = canary.addresses[0]
    for accept in (f'application/ld+json;profile="{address}"', f'application/ld+json; context="{address}"'):
        for path in ("/method/graphst", "/.well-known/void", "/sparql"):
            _check(canary, server.get(path, accept), accept)
    for body in ({"@context": address, "@id": "urn:s"}, {"@context": {"@import": address}}):
        for path in ("/sparql", "/query/methods", "/method/graphst"):
            for method in ("POST", "PUT", "PATCH"):
                reply = server.ask(path, method, json.dumps(body).encode(), {"Content-Type": "application/ld+json"})
                _check(canary, reply, f"{method} {path}")


def test_no_path_leaves_the_graph(server: Running, canary: Canary) -> None:
    climbs = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "..;/", "%252e%252e%252f")
    file = Path(canary.files[2])
    for start, climb in itertools.product(("/", "/static/", "/ontology/", "/query/", "/method/", "/graph/"), climbs):
        for end in (f"{climb * 12}{str(file).lstrip('/')}", f"{climb * 3}pyproject.toml", f"{climb}app.py"):
            reply = server.get(start + end)
            _check(canary, reply, start + end)
            assert reply.status in {400, 404}, start + end
    for place in canary.addresses + canary.files[:2]:
        for start in ("/", "/method/", "/ontology/", "/graph/", "/query/"):
            assert server.get(start + quote(place, safe="")).status == 404
            assert server.get(start + quote(place, safe=":/")).status in {400, 404}


def test_the_canaries_can_be_heard(canary: Canary) -> None:
    """What the others ask would have been seen."""
    host, port = canary.addresses[0].split("/")[2].split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        connection.recv(10)
    assert len(canary.hits) == 1
    canary.hits.clear()
    assert WORD in Path(canary.files[2]).read_text()
