"""Every IRI of the graph answers, in each format, and pages hold no markup that is not ours."""

import re

import pyoxigraph as ox
import pytest

from kg import KnowledgeGraph
from kg.iris import BASE, RECORD_KINDS
from tests.web.running import Running

PARSED = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}


def _one_of_each(graph: KnowledgeGraph) -> list[str]:
    return [f"{kind}/{min(graph.index(kind).labels)}" for kind in RECORD_KINDS if graph.index(kind).labels]


def test_every_kind_of_record_in_each_format(server: Running, toy_graph: KnowledgeGraph) -> None:
    paths = _one_of_each(toy_graph)
    assert len(paths) >= 11
    for path in [*paths, "task/scheme", "ontology", "graph/method/graphst", "paper/graphst-2023/authorship/1"]:
        statements = []
        for suffix, (media_type, style) in PARSED.items():
            reply = server.get(f"/{path}.{suffix}")
            assert (reply.status, reply.type) == (200, media_type)
            statements.append({str(quad.triple) for quad in ox.parse(reply.body, format=style)})
        assert statements[0] == statements[1] == statements[2]
        assert statements[0]
        linked = server.get(f"/{path}.jsonld")
        quads = ox.parse(linked.body, format=ox.RdfFormat.JSON_LD)
        assert {str(quad.triple) for quad in quads} == statements[0]
        page = server.get(f"/{path}.html")
        assert (page.status, page.type) == (200, "text/html")


def test_every_record_has_a_page_and_turtle(server: Running, toy_graph: KnowledgeGraph) -> None:
    for kind in RECORD_KINDS:
        for slug in toy_graph.index(kind).labels:
            assert server.get(f"/{kind}/{slug}.ttl").status == 200
            assert server.get(f"/{kind}/{slug}.html").status == 200


def test_what_pages_link_to_is_there(server: Running) -> None:
    seen: set[str] = set()
    left = ["/method/graphst.html", "/paper/graphst-2023.html"]
    while left and len(seen) < 150:
        path = left.pop()
        seen.add(path)
        reply = server.get(path, "text/html")
        assert reply.status in {200, 303}, path
        if reply.status == 303:
            left += {reply.headers["location"]} - seen
        elif reply.type == "text/html":
            found = set(re.findall(r'(?:href|src)="(/[^"#]*)', reply.text))
            left += sorted(found - seen - set(left))


@pytest.mark.parametrize(
    "accept, suffix",
    [
        (None, "ttl"),
        ("*/*", "ttl"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "html"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml;q=0.9, text/html;q=0.1", "rdf"),
        ("application/n-triples", "nt"),
    ],
)
def test_negotiation_redirects(server: Running, accept: str | None, suffix: str) -> None:
    reply = server.get("/method/graphst", accept)
    assert (reply.status, reply.headers["location"]) == (303, f"/method/graphst.{suffix}")
    assert reply.headers["vary"] == "Accept"
    assert reply.headers["link"].count('rel="alternate"') == 5
    assert server.ask("/method/graphst", "HEAD").status == 303


def test_what_is_not_there_or_not_wanted(server: Running) -> None:
    assert server.get("/method/graphst", "image/png").status == 406
    for path in ("method/nothing", "method/nothing.ttl", "nothing", "method/x%3E%20%3Fs", "claim/no.ttl", "method/"):
        for accept in ("text/turtle", "text/html"):
            reply = server.get(f"/{path}", accept)
            assert reply.status == 404, path
            assert reply.type == ("text/html" if accept == "text/html" else "application/problem+json")
    assert server.ask("/method/graphst", "POST").status == 405


def test_an_etag_saves_the_second_answer(server: Running) -> None:
    first = server.get("/method/graphst.ttl")
    for tag in (first.headers["etag"], f'"x", W/{first.headers["etag"]}'):
        again = server.ask("/method/graphst.ttl", headers={"If-None-Match": tag})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert server.ask("/method/graphst.nt", headers={"If-None-Match": first.headers["etag"]}).status == 200
    assert server.ask("/method/none.ttl", headers={"If-None-Match": first.headers["etag"]}).status == 404
    assert f'<{BASE}method/graphst>; rel="describes"' in first.headers["link"]


def test_every_iri_of_the_graph_answers(server: Running, toy_graph: KnowledgeGraph) -> None:
    """Subjects, properties, values and graphs; a fragment is answered by its document."""
    terms = [
        term for quad in toy_graph.quads() for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
    ]
    iris = {term.value.partition("#")[0] for term in terms if isinstance(term, ox.NamedNode)}
    ours = sorted(iri.removeprefix(BASE) for iri in iris if iri.startswith(BASE))
    assert len(ours) > 200
    for path in ours:
        reply = server.get(f"/{path}", "text/turtle")
        if reply.status == 303:
            reply = server.get(reply.headers["location"], "text/turtle")
        assert (reply.status, reply.type) == (200, "text/turtle"), path
        assert list(ox.parse(reply.body, format=ox.RdfFormat.TURTLE)), path


def test_the_data_set_and_its_parts_lead_to_their_description(server: Running) -> None:
    assert server.get("/", "text/turtle").headers["location"] == "/.well-known/void"
    assert server.get("/void").headers["location"] == "/.well-known/void"
    assert f"<{BASE}> " in server.get("/.well-known/void", "application/n-triples").text
