"""``SERVICE`` reaches endpoints that are listed, no others, and what they answer stays data."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from kg.cli.app import main
from kg.enrich.addresses import public_addresses
from kg.enrich.endpoint import ask_endpoint, read_endpoint
from kg.errors import FetchError
from kg.iris import BASE
from kg.ontology import prefixes
from kg.queries.answers import MOST_ROWS
from kg.resources import resource_root
from kg.service import KnowledgeGraph
from kg.store.oxigraph import OxigraphStore
from tests.web.endpoints import RESULTS, Endpoint, drip, rows, says, serving, wait
from tests.web.running import Reply, Running, command, until
from tests.web.test_no_way_out import SERVICES

SECONDS = 4.0
STARS = {"graphst": 5, "stagate": 3, "spagcn": 1}
REMOTE = "urn:remote"
EVIL = (
    '"} } DROP ALL #',
    "\"@en . } SERVICE <http://127.0.0.1/> { ?s ?p '",
    "'''\"\"\"\\",
    "line\nline\r\u2028\u2029\u0085\x00\x7f",
    "\\u0022 } \\u0053ERVICE",
    "SerVice ſervice ＳＥＲＶＩＣＥ services",
    "😀 ?x $x <urn:x> # {",
    "",
)
HUGE = rows(*[{"type": "literal", "value": "x" * 1000}] * 5000)
TOO_MANY = rows(*[{"type": "literal", "value": "x"}] * (MOST_ROWS + 1))
TERMS = rows(
    {"type": "uri", "value": "http://a/service#é'()"},
    {"type": "literal", "value": "a", "xml:lang": "en-gb"},
    {"type": "typed-literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    {"type": "literal", "value": "b", "datatype": "http://a/service"},
)
BEHAVIOURS = {
    "/evil": says(rows(*[{"type": "literal", "value": text} for text in EVIL])),
    "/terms": says(TERMS),
    "/huge": says(HUGE),
    "/many": says(TOO_MANY),
    "/cut": says(rows(), X_SPARQL_MaxRows="10"),
    "/html": says(b"<html>", "text/html"),
    "/html-as-json": says(b"<html>"),
    "/half": says(rows({"type": "literal", "value": "x"})[:-9]),
    "/empty": says(b""),
    "/boolean": says(b'{"head": {}, "boolean": true}'),
    "/deep": says(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":' + b'{"value":' * 100_000),
    "/latin": says(rows().replace(b"[]", b"[\xe9]")),
    "/other-variable": says(rows({"type": "literal", "value": "x"}, name="m")),
    "/bad-iri": says(rows({"type": "uri", "value": "http://a/> } #"})),
    "/relative": says(rows({"type": "uri", "value": "a"})),
    "/bad-language": says(rows({"type": "literal", "value": "x", "xml:lang": "en } "})),
    "/service-language": says(rows({"type": "literal", "value": "x", "xml:lang": "en-service"})),
    "/surrogate": says(rows({"type": "literal", "value": "\ud800"})),
    "/triple": says(rows({"type": "triple", "value": {}})),
    "/number": says(rows({"type": "literal", "value": 1})),
    "/blank": says(rows({"type": "bnode", "value": "b0"})),
    "/error": says(b"no", "text/plain", 500),
    "/drip": drip,
    "/wait": wait,
}


class World(NamedTuple):
    """A server that may ask one endpoint at any path, and another at one path only.

    Attributes:
        listed: The first.
        narrow: The second; only ``/only``.
        canary: On the same machine, not listed.
    """

    server: Running
    listed: Endpoint
    narrow: Endpoint
    canary: Endpoint

    def ask(self, query: str, accept: str = RESULTS) -> Reply:
        return self.server.sparql(query.replace("@", f"SERVICE <{self.listed.origin}/sparql> "), accept)

    def values(self, path: str, *, silent: bool = False) -> Reply:
        keyword = "SERVICE SILENT" if silent else "SERVICE"
        return self.server.sparql(f"SELECT ?x {{ {keyword} <{self.listed.origin}{path}> {{ ?s ?p ?x }} }}", RESULTS)


@pytest.fixture(scope="module")
def remote() -> ox.Store:
    """What the endpoint knows."""
    store = ox.Store()
    for slug, number in STARS.items():
        store.add(ox.Quad(ox.NamedNode(f"{BASE}method/{slug}"), ox.NamedNode("urn:stars"), ox.Literal(number)))
    store.add(
        ox.Quad(ox.NamedNode(f"{BASE}method/graphst"), ox.NamedNode("urn:nick"), ox.Literal("service", language="en"))
    )
    return store


@pytest.fixture(scope="module")
def world(toy_root: Path, remote: ox.Store) -> Iterator[World]:
    canary = Endpoint(remote, {})
    behaviours = BEHAVIOURS | {"/redirect": says(b"", status=307, Location=f"{canary.origin}/sparql")}
    with (
        serving(Endpoint(remote, behaviours)) as listed,
        serving(Endpoint(remote, {})) as narrow,
        serving(canary),
    ):
        allowed = ["--allow-service", listed.origin, "--allow-service", f"{narrow.origin}/only"]
        server = Running(command(toy_root, "--timeout", str(SECONDS), "--workers", "2", *allowed))
        yield World(server, listed, narrow, canary)
        listed.go_on.set()
        assert server.stop() == 0
        assert "Traceback" not in "".join(server.lines)


def _bindings(reply: Reply) -> list[dict[str, Any]]:
    assert reply.status == 200, reply.text
    found: list[dict[str, Any]] = json.loads(reply.body)["results"]["bindings"]
    return found


def _refused(reply: Reply, status: int, word: str) -> None:
    assert (reply.status, reply.type) == (status, "application/problem+json"), reply.text
    assert word in json.loads(reply.body)["detail"]


JOINS = (
    "SELECT ?l ?n { ?m a stkg:Method ; rdfs:label ?l . @{ ?m <urn:stars> ?n } }",
    "SELECT ?l ?n { @{ ?m <urn:stars> ?n } ?m a stkg:Method ; rdfs:label ?l }",
    "SELECT ?l ?n { ?m a stkg:Method ; rdfs:label ?l OPTIONAL { @{ ?m <urn:stars> ?n } } }",
    "SELECT ?l ?n { ?m a stkg:Method ; rdfs:label ?l OPTIONAL { @{ ?m <urn:stars> ?n FILTER(?n > 2) } } }",
    "SELECT ?l ?n { ?m a stkg:Method ; rdfs:label ?l OPTIONAL { @{ ?m <urn:stars> ?n } FILTER(?l < 'M') } }",
    "SELECT ?l { ?m a stkg:Method ; rdfs:label ?l MINUS { @{ ?m <urn:stars> ?n } } }",
    "SELECT ?l { ?m a stkg:Method ; rdfs:label ?l FILTER EXISTS { @{ ?m <urn:stars> ?n } } }",
    "SELECT ?l { ?m a stkg:Method ; rdfs:label ?l FILTER NOT EXISTS { @{ ?m <urn:stars> ?n FILTER(?n > 1) } } }",
    "SELECT ?m ?n { { @{ ?m <urn:stars> ?n } } UNION { ?m a stkg:Method } }",
    "SELECT ?l ?t { ?m rdfs:label ?l . { SELECT ?m (SUM(?n) AS ?t) { @{ ?m <urn:stars> ?n } } GROUP BY ?m } }",
    "SELECT ?m ?n { @{ SELECT ?m (COUNT(*) AS ?n) { ?m ?p ?o } GROUP BY ?m } }",
    "SELECT ?m ?n ?k { @{ ?m <urn:stars> ?n OPTIONAL { ?m <urn:nick> ?k } } }",
    "SELECT ?m ?n ?k { ?m a stkg:Method . @{ ?m <urn:stars> ?n } OPTIONAL { @{ ?m <urn:nick> ?k } } }",
    "SELECT ?m { ?m a stkg:Method . @{ stkg.method:graphst <urn:stars> 5 } }",
    "SELECT ?m { ?m a stkg:Method . @{ stkg.method:graphst <urn:stars> 6 } }",
    "SELECT ?n { @{ <method/graphst> <urn:stars> ?n # } a comment\n } }",
    "BASE <urn:x> PREFIX p: <urn:> SELECT ?n { @{ ?m p:stars ?n ; ?q 'SERVICE <urn:x> { } 5', ?o } }",
    "PREFIX p: <urn:> SELECT ?n ?k { @{ ?m p:stars ?n } @{ ?m p:nick ?k } }",
    "SELECT ?n ?s { @{ ?m <urn:stars> ?n } BIND(?n * 2 AS ?s) } ORDER BY ?s LIMIT 2",
)


@pytest.mark.parametrize("template", JOINS)
def test_the_answer_is_what_one_store_with_both_would_say(
    world: World, remote: ox.Store, toy_graph: KnowledgeGraph, template: str
) -> None:
    both = ox.Store()
    own = toy_graph.store
    assert isinstance(own, OxigraphStore)
    both.extend(own.quads())
    both.extend(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(REMOTE)) for q in remote)
    query = template.replace("@", f"GRAPH <{REMOTE}> ")
    expected = OxigraphStore(both).query(query, base_iri=BASE, prefixes=prefixes(resource_root("ontology")))
    assert isinstance(expected, ox.QuerySolutions)
    wanted = json.loads(expected.serialize(format=ox.QueryResultsFormat.JSON) or b"")["results"]["bindings"]
    assert _set_of(_bindings(world.ask(template))) == _set_of(wanted)


def _set_of(found: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in found)


def test_every_form_and_way_of_asking(world: World) -> None:
    block = "@{ ?m <urn:stars> ?n }"
    assert json.loads(world.ask(f"ASK {{ {block} }}").body)["boolean"] is True
    graph = world.ask(f"CONSTRUCT {{ ?m <urn:n> ?n }} {{ {block} }}", "application/n-triples")
    assert graph.text.count("<urn:n>") == len(STARS)
    page = world.ask(f"SELECT ?m ?n {{ {block} }}", "text/html")
    assert page.status == 200
    assert all(slug in page.text for slug in STARS)
    assert f"SERVICE &lt;{world.listed.origin}/sparql&gt;" in page.text  # the query as it was sent
    prefixed = f"PREFIX e: <{world.listed.origin}/> SELECT * {{ service silent e:sparql{{ ?m <urn:stars> ?n }} }}"
    for body, kind in ((prefixed, "sparql-query"), (f"query={quote(prefixed)}", "x-www-form-urlencoded")):
        reply = world.server.ask("/sparql", "POST", body.encode(), {"Content-Type": f"application/{kind}"})
        assert len(_bindings(reply)) == len(STARS)
    about = world.server.get("/sparql", "application/n-triples").text
    assert "BasicFederatedQuery" in about


def test_places_of_errors_stay_what_they_are(world: World) -> None:
    query = "SELECT * {\n@{\n ?m <urn:stars> ?n\n}\n?s ?p }"
    _refused(world.ask(query), 400, "line 5")
    assert "line 5" in world.ask(query, "text/html").text.lower()


def test_answers_are_asked_for_each_time(world: World) -> None:
    query = "SELECT ?n { @{ ?m <urn:stars> ?n } } # each time"
    before = len(world.listed.hits)
    for _ in range(2):
        assert world.ask(query).headers["cache-control"] == "no-store"
    assert len(world.listed.hits) == before + 2


def test_what_is_not_listed_is_not_asked(world: World) -> None:
    canary, port = world.canary.origin, world.canary.server_address[1]
    listed, narrow = world.listed.origin, world.narrow.origin
    host = listed.removeprefix("http://")
    places = [
        *(f"{canary}/sparql", f"http://localhost:{port}/", f"https://{host}/sparql", f"http://127.1:{port}/"),
        *(f"{listed}@127.0.0.1:{port}/", f"http://{host}@127.0.0.1:{port}/", f"{listed}#@127.0.0.1:{port}/"),
        *(f"{listed}?x=y", f"{listed}/a?b", f"{narrow}/", f"{narrow}/only/", f"{narrow}/only/../x", f"{narrow}/ONLY"),
        *(f"{listed}0/", "http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"),
        *("file:///etc/passwd", "urn:x", "sparql", "", "//127.0.0.1/", "http:/x", "http://", f"{listed}/é"),
    ]
    before = len(world.listed.hits) + len(world.narrow.hits)
    for place in places:
        for keyword in ("SERVICE", "SERVICE SILENT"):
            _refused(world.server.sparql(f"SELECT * {{ {keyword} <{place}> {{ ?s ?p ?o }} }}"), 403, "")
        _refused(world.server.sparql(f"BASE <{listed}/> SELECT * {{ SERVICE <{place}x> {{ }} }}"), 403, "")
    assert len(world.listed.hits) + len(world.narrow.hits) == before
    assert _bindings(world.server.sparql(f"SELECT * {{ SERVICE <{narrow}/only> {{ ?s <urn:stars> ?o }} }}", RESULTS))
    assert world.canary.hits == []


@pytest.mark.parametrize("template", SERVICES)
def test_no_spelling_reaches_another_port(world: World, template: str) -> None:
    for place in (f"{world.canary.origin}/x", f"http://localhost:{world.canary.server_address[1]}/x"):
        reply = world.server.sparql(template.format(place))
        assert reply.status in {400, 403}
    assert world.canary.hits == []


# {0} is the listed endpoint, {1} the canary.
TRICKS = {
    "PREFIX p: <{0}> PREFIX p: <{1}> SELECT * {{ SERVICE p: {{ ?s ?p ?o }} }}": "once",
    "PREFIX p: <{1}> #\nPREFIX p: <{0}> SELECT * {{ SERVICE p: {{ ?s ?p ?o }} }}": "once",
    "SELECT * {{ SERVICE q: {{ ?s ?p ?o }} }}": "not declared",
    "SELECT * {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}": "variable",
    "SELECT * {{ SERVICE <{0}> {{ SERVICE <{1}> {{ ?s ?p ?o }} }} }}": "inside SERVICE",
    "SELECT * {{ SERVICE <{0}> {{ OPTIONAL {{ service:x {{ ?s ?p ?o }} }} }} }}": "inside SERVICE",
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} SERVICE:x {{ ?s ?p ?o }} }}": "only allowed as",
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} SERVICESILENT<{1}>{{ ?s ?p ?o }} }}": "only allowed as",
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} \\u0053ERVICE <{1}> {{ ?s ?p ?o }} }}": "backslash",
    "SELECT * {{ ?s ?p '\\u0027 SERVICE <{0}> {{ ?s ?p ?o }} }}": "backslash",
    "SELECT * {{ ?s ?p 'a\\u0027' SERVICE <{0}> {{ ?s ?p ?o }} }}": "escape",
    "SELECT * {{ ?s ?p 'SERVICE <{0}> {{ ?s ?p ?o }} }}": "string",
    "SELECT * {{ ?s ?p 'SERVICE <{0}> {{ ?s ?p ?o }}' }}": "only allowed as",
    "SELECT * {{ ?s ?p ?o #\rSERVICE <{1}> {{ ?s ?p ?o }}\n }}": "not allowed",
    "SELECT * {{ ?s ?p ?o # SERVICE <{0}> {{ ?s ?p ?o }}\n }}": "only allowed as",
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o": "do not close",
    "SELECT * {{ SERVICE <{0}> ?s ?p ?o }}": "group in braces",
    "SELECT * {{ SERVICE }}": "address of an endpoint",
    "SELECT * {{ SERVICE <{0}> {{}} SERVICE <{0}> {{}} SERVICE <{0}> {{}} SERVICE <{0}> {{}} }}": "3 SERVICE blocks",
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} # {pad}": "16384 characters",
    "SERVICE <{1}> {{ ?s ?p ?o }}": "only allowed as",
}


@pytest.mark.parametrize("template", TRICKS)
def test_tricks_are_refused_and_nobody_is_asked(world: World, template: str) -> None:
    before = len(world.listed.hits)
    query = template.format(f"{world.listed.origin}/sparql", f"{world.canary.origin}/x", pad=" " * 17_000)
    reply = world.server.ask("/sparql", "POST", query.encode(), {"Content-Type": "application/sparql-query"})
    _refused(reply, 403, TRICKS[template])
    assert len(world.listed.hits) == before
    assert world.canary.hits == []


def test_without_a_list_nothing_is_asked(server: Running, world: World) -> None:
    before = len(world.listed.hits)
    _refused(server.sparql(f"SELECT * {{ SERVICE <{world.listed.origin}/sparql> {{ ?s ?p ?o }} }}"), 403, "SERVICE")
    assert len(world.listed.hits) == before


def test_a_redirect_is_not_followed(world: World) -> None:
    _refused(world.values("/redirect"), 502, "redirects (307)")
    assert _bindings(world.values("/redirect", silent=True)) == [{}]
    assert world.canary.hits == []


def test_what_is_answered_stays_data(world: World) -> None:
    assert [row["x"]["value"] for row in _bindings(world.values("/evil"))] == list(EVIL)
    sent = json.loads(TERMS)["results"]["bindings"]
    assert [row["x"] for row in _bindings(world.values("/terms"))] == [
        {**row["x"], "type": row["x"]["type"].removeprefix("typed-")} for row in sent
    ]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/html", "text/html"),
        ("/html-as-json", "JSON"),
        ("/half", "not whole"),
        ("/empty", "JSON"),
        ("/boolean", "JSON"),
        ("/deep", "JSON"),
        ("/latin", "UTF-8"),
        ("/other-variable", "not asked for"),
        ("/bad-iri", "neither an IRI"),
        ("/relative", "neither an IRI"),
        ("/bad-language", "neither an IRI"),
        ("/surrogate", "neither an IRI"),
        ("/triple", "not a term"),
        ("/number", "not a term"),
        ("/error", "answered 500"),
        ("/drip", "took more than"),
    ],
)
def test_a_failure_names_host_and_reason_and_silent_hides_it(world: World, path: str, word: str) -> None:
    reply = world.values(path)
    _refused(reply, 502, word)
    assert world.listed.origin in json.loads(reply.body)["detail"]
    assert until(lambda: world.values(path, silent=True).status != 429)
    assert _bindings(world.values(path, silent=True)) == [{}]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/huge", "larger than"),
        ("/many", "more than 10000 rows"),
        ("/cut", "more rows than it sends"),
        ("/blank", "blank node"),
        ("/service-language", "cannot be taken over"),
    ],
)
def test_more_than_is_taken_is_an_error_also_when_silent(world: World, path: str, word: str) -> None:
    for silent in (False, True):
        _refused(world.values(path, silent=silent), 502, word)


def test_nobody_there() -> None:
    with serving(Endpoint(ox.Store(), {})) as gone:
        address = read_endpoint(gone.origin)
    with pytest.raises(FetchError, match="did not answer"):
        ask_endpoint(address, "SELECT * {}", 2.0)


def _from(address: str, world: World, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", world.server.port, timeout=20, source_address=(address, 0))
    try:
        query = quote(f"SELECT ?x {{ SERVICE <{world.listed.origin}{path}> {{ ?s ?p ?x }} }}")
        connection.request("GET", f"/sparql?query={query}")
        return connection.getresponse().status
    finally:
        connection.close()


def test_few_ask_at_once_and_others_are_answered_meanwhile(world: World) -> None:
    waiting = sum(path == "/wait" for path, _ in world.listed.hits)
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: statuses.append(_from(f"127.0.0.{n}", world, "/wait"))) for n in range(2, 6)
    ]
    for thread in threads:
        thread.start()
    assert until(lambda: sum(path == "/wait" for path, _ in world.listed.hits) == waiting + 4)
    assert _from("127.0.0.2", world, "/terms") == 429  # has one already
    assert _from("127.0.0.9", world, "/terms") == 429  # all are taken
    assert world.server.get("/healthz").status == 200
    assert world.server.sparql("ASK {}").status == 200
    for thread in threads:
        thread.join()
    assert statuses == [502] * 4  # half of the time limit was over
    assert until(lambda: _from("127.0.0.9", world, "/terms") == 200)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "sparql.example.org",
            "ftp://a.org",
            "https://",
            "https://u:p@a.org/",
            "https://a.org/?q",
            "https://a.org/#f",
        ),
        *("http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://[::ffff:127.0.0.1", "https://a.org:0/"),
        *("https://a.org:99999/", "https://a..org/", "https://a.org/ b", "http://127.0.0.01/", "https://*.org/"),
    ],
)
def test_an_address_that_is_none_does_not_start_a_server(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--allow-service", text]) == 2
    assert "is not the address of an endpoint" in capsys.readouterr().err


def test_a_listed_name_must_lead_to_public_addresses() -> None:
    query = "SELECT * {}"
    with pytest.raises(FetchError, match="not a public address"):
        ask_endpoint(read_endpoint("http://sparql.example.org/"), query, 2.0, _private)
    asked: list[tuple[str, int]] = []

    def nowhere(host: str, port: int) -> list[str]:
        asked.append((host, port))
        raise FetchError("stop here")

    with pytest.raises(FetchError, match="stop here"):
        ask_endpoint(read_endpoint("https://sparql.example.org/"), query, 2.0, nowhere)
    assert asked == [("sparql.example.org", 443)]
    assert read_endpoint("http://LOCALHOST:1/").is_literal
    assert read_endpoint("http://[::1]/").is_literal
    assert not read_endpoint("http://localhost.example.org/").is_literal


def _private(_host: str, port: int) -> list[str]:
    return public_addresses("127.0.0.1", port)
