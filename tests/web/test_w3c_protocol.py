"""W3C's protocol tests over HTTP. Updates are not taken, so their tests must be refused and change nothing."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.web.running import Reply, Running

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"
START = """
import sys
from pathlib import Path
from kg.engine.limits import Limits
from kg.web.app import Settings
from kg.web.server import Address, serve
sys.exit(serve(Address("127.0.0.1", 0), Settings(Path(sys.argv[1]), 1, Limits(seconds=5), log=False)))
"""
TABLES = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}


@pytest.fixture(scope="module")
def w3c_server(w3c_tests: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of the data that the tests expect."""
    place = tmp_path_factory.mktemp("place")
    store = ox.Store(str(place / "store"))
    for name in ("data1", "data2", "data3"):
        graph = ox.NamedNode(f"{DATA}{name}.rdf")
        path = w3c_tests / "sparql" / "sparql11" / "protocol" / f"{name}.nt"
        store.load(path=str(path), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    store.flush()
    del store
    (place / "queries.json").write_text("{}")
    (place / "manifest.json").write_text('{"key": "w3c"}')
    running = Running([sys.executable, "-c", START, str(place)])
    yield running
    assert running.stop() == 0


def _send(server: Running, manifest: Graph, request: Node) -> Reply:
    def text(subject: Node, predicate: URIRef) -> str:
        return str(manifest.value(subject, predicate))

    headers = {}
    listed = manifest.value(request, HT.headers)
    for header in Collection(manifest, listed) if listed is not None else []:
        headers[text(header, HT.fieldName)] = text(header, HT.fieldValue)
    body = manifest.value(request, HT.body)
    content = None
    if body is not None:
        encoding = manifest.value(body, CNT.characterEncoding)
        content = text(body, CNT.chars).encode(str(encoding) if encoding else "utf-8")
    path = urlsplit(text(request, HT.absolutePath))
    return server.ask(f"/sparql{'?' if path.query else ''}{path.query}", text(request, HT.methodName), content, headers)


def _check(manifest: Graph, expected: Node, reply: Reply) -> None:
    statuses = {str(s).rsplit("StatusCode", 1)[-1][0] for s in manifest.objects(expected, MF.expectedStatus)}
    assert str(reply.status)[0] in statuses, reply
    boolean, form = manifest.value(expected, MF.expectedBoolean), manifest.value(expected, MF.expectedFormat)
    if boolean is not None:
        assert json.loads(reply.body)["boolean"] is (str(boolean) == "true")
    if str(form) == "tabular":
        assert reply.type in TABLES
    elif str(form) == "RDF":
        assert reply.type == "text/turtle"


def test_queries_and_bad_requests(w3c_server: Running, w3c_tests: Path) -> None:
    manifest = Graph().parse(w3c_tests / "sparql" / "sparql11" / "protocol" / "manifest.ttl")
    listed = next(manifest.objects(None, MF.entries))
    done, refused = 0, 0
    for test in Collection(manifest, listed):
        name = str(test).rsplit("#", 1)[-1]
        action = manifest.value(test, MF.action)
        requests = manifest.value(action, HT.requests)
        assert requests is not None
        for request in Collection(manifest, requests):
            reply = _send(w3c_server, manifest, request)
            expected = manifest.value(request, HT.resp)
            assert expected is not None
            if name.startswith("update_"):
                kind = str(reply.status)
                assert kind == "403" or (reply.status == 200 and b'"boolean":false' in reply.body), (name, reply)
                refused += 1
            else:
                _check(manifest, expected, reply)
                done += 1
    assert (done, refused > 7) == (27, True)


def test_service_description(w3c_server: Running) -> None:
    """The three tests of the suite: RDF comes, it has this endpoint, and it follows the schema."""
    reply = w3c_server.get("/sparql")
    assert reply.type == "text/turtle"
    found = Graph().parse(data=reply.body, format="turtle")
    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    endpoint = URIRef(f"http://127.0.0.1:{w3c_server.port}/sparql")
    services = list(found.subjects(sd.endpoint, endpoint))
    assert len(services) == 1
    assert (services[0], None, sd.Service) in found
    dataset = found.value(services[0], sd.defaultDataset)
    assert (dataset, None, sd.Dataset) in found
    assert (found.value(dataset, sd.defaultGraph), None, sd.Graph) in found
