"""Which format is chosen."""

import pytest

from kg.web.negotiate import best
from tests.web.running import Running

OFFERS = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"]


@pytest.mark.parametrize(
    "accept, chosen",
    [
        (None, OFFERS[0]),
        ("", OFFERS[0]),
        ("*/*", OFFERS[0]),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.1, application/*;q=0.2", OFFERS[0]),
        ("text/csv;q=0.9, */*;q=0.8", "text/csv"),
        ("*/*, application/sparql-results+json;q=0", OFFERS[1]),
        ("application/sparql-results+json;q=0.5, application/sparql-results+xml;q=0.501", OFFERS[1]),
        ("text/csv;header=present;q=1", "text/csv"),
        ("image/png", None),
        ("text/csv;q=0", None),
        ("text/csv;q=nonsense", None),
        ("*/csv", None),
        (",,;,q=1", None),
        (["image/png", "text/csv"], "text/csv"),
    ],
)
def test_the_best_offer_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert best(accept, OFFERS) == chosen


SELECT, ASK = "SELECT * { ?s ?p ?o } LIMIT 3", "ASK {}"
CONSTRUCT, DESCRIBE = "CONSTRUCT WHERE { ?s a ?c }", "DESCRIBE <https://w3id.org/stkg/method/graphst>"
XML, JSON = "application/sparql-results+xml", "application/sparql-results+json"
GRAPHS = [
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
    "application/trig",
    "application/n-quads",
]


@pytest.mark.parametrize(
    "query, accept, expected",
    [
        *((SELECT, kind, kind) for kind in (JSON, XML, "text/csv", "text/tab-separated-values", "application/json")),
        *((ASK, kind, kind) for kind in (JSON, XML, "application/xml")),
        *((query, kind, kind) for query in (CONSTRUCT, DESCRIBE) for kind in GRAPHS),
        (SELECT, None, JSON),
        (SELECT, "*/*", JSON),
        (DESCRIBE, None, "text/turtle"),
        (DESCRIBE, "text/html;q=0.4, application/rdf+xml;q=0.5", "application/rdf+xml"),
        (SELECT, f"text/turtle, {XML};q=0.3", XML),
        (SELECT, "image/png", None),
        (SELECT, "text/turtle", None),
        (ASK, "text/csv", None),
        (DESCRIBE, JSON, None),
    ],
)
def test_an_answer_has_the_asked_type_or_none(
    server: Running, query: str, accept: str | None, expected: str | None
) -> None:
    reply = server.sparql(query, accept)
    assert reply.headers["vary"] == "Accept"
    assert (reply.status, reply.type) == ((200, expected) if expected else (406, "application/problem+json"))
