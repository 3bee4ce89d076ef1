"""The stored queries as SHACL executables: well formed, and what a stranger makes of them is what we answer."""

import json
from urllib.parse import urlencode

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef

from kg import KnowledgeGraph
from kg.iris import BASE
from kg.queries.rows import rows_of
from kg.store import Table
from tests.web.running import Running

SH = Namespace("http://www.w3.org/ns/shacl#")
SCHEMA = Namespace("https://schema.org/")
# What editors that collect examples ask of each.
ASKED = r"""
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:asked:> .
:Example a sh:NodeShape ; sh:targetClass sh:SPARQLExecutable ;
  sh:property [ sh:path rdf:type ; sh:hasValue sh:SPARQLSelectExecutable ] ,
    [ sh:path rdfs:label ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path rdfs:comment ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path sh:select ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path schema:target ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path schema:keywords ; sh:minCount 1 ; sh:pattern "^[^\\s](.*[^\\s])?$" ] ,
    [ sh:path ( sh:prefixes sh:declare ) ; sh:minCount 1 ; sh:node :Prefix ] ,
    [ sh:path sh:parameter ; sh:node :Parameter ] .
:Prefix a sh:NodeShape ;
  sh:property [ sh:path sh:prefix ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path sh:namespace ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:anyURI ] .
:Parameter a sh:NodeShape ; sh:class sh:Parameter ;
  sh:or ( [ sh:path sh:datatype ; sh:minCount 1 ] [ sh:path sh:class ; sh:minCount 1 ] ) ;
  sh:property [ sh:path sh:path ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path sh:name ; sh:minCount 1 ; sh:maxCount 1 ] , [ sh:path sh:order ; sh:datatype xsd:integer ] ,
    [ sh:path sh:optional ; sh:minCount 1 ; sh:datatype xsd:boolean ] .
"""


@pytest.fixture(scope="module")
def library(server: Running) -> Graph:
    reply = server.get("/.well-known/sparql-examples", "text/turtle")
    assert (reply.status, reply.type) == (200, "text/turtle")
    return Graph().parse(data=reply.body, format="turtle")


def test_they_have_the_form_that_editors_ask_for(library: Graph) -> None:
    conforms, _, text = pyshacl.validate(library, shacl_graph=Graph().parse(data=ASKED, format="turtle"))
    assert conforms, text
    broken = Graph() + library
    for query in list(broken.subjects(RDF.type, SH.SPARQLExecutable))[:1]:
        broken.remove((query, SH.select, None))
    assert not pyshacl.validate(broken, shacl_graph=Graph().parse(data=ASKED, format="turtle"))[0]


def test_readers_of_shapes_can_load_them(library: Graph) -> None:
    assert pyshacl.validate(Graph(), shacl_graph=library, meta_shacl=True)[0]


def test_every_query_is_there_that_runs_with_its_sample(library: Graph, toy_graph: KnowledgeGraph) -> None:
    found = {str(query).removeprefix(f"{BASE}query/") for query in library.subjects(RDF.type, SH.SPARQLExecutable)}
    assert found <= set(toy_graph.queries)
    assert found >= {name for name, query in toy_graph.queries.items() if not query.sample}
    for name in found:
        query, node = toy_graph.queries[name], URIRef(f"{BASE}query/{name}")
        assert (node, RDFS.label, Literal(query.summary, lang="en")) in library
        parameters = {str(library.value(p, SH.name)) for p in library.objects(node, SH.parameter)}
        assert parameters == {parameter.name for parameter in query.parameters}


def test_a_stranger_who_runs_them_gets_our_rows(server: Running, library: Graph, toy_graph: KnowledgeGraph) -> None:
    """Only the RDF and the endpoint are used to ask; our own route is asked the same by name."""
    compared = 0
    for query in sorted(library.subjects(RDF.type, SH.SPARQLSelectExecutable), key=str):
        assert library.value(query, SCHEMA.target) == URIRef(f"{BASE}sparql")
        reply = server.sparql(str(library.value(query, SH.select)), "application/sparql-results+json")
        assert reply.status == 200, query
        solutions = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        definition = toy_graph.queries[str(query).rpartition("/")[2]]
        table = Table([v.value for v in solutions.variables], [tuple(row) for row in solutions])
        ours = server.get(f"/query/{definition.name}.json?{urlencode(definition.sample)}")
        assert json.loads(ours.body) == rows_of(table, definition.columns), query
        compared += len(json.loads(ours.body))
    assert compared > 50


def test_editors_find_them_at_the_endpoint_itself(server: Running) -> None:
    """The question that the editor of the SIB asks, on the default graph."""
    query = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?sq ?comment ?label ?query WHERE { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct ?query . OPTIONAL { ?sq rdfs:label ?label } } ORDER BY ?sq"""
    found = json.loads(server.sparql(query, more="&ac=1").body)["results"]["bindings"]
    assert len(found) > 15
    declared = """SELECT ?prefix ?namespace { [] sh:declare [ sh:prefix ?prefix ; sh:namespace ?namespace ] }"""
    rows = json.loads(server.sparql("PREFIX sh: <http://www.w3.org/ns/shacl#> " + declared).body)["results"]["bindings"]
    assert "stkg" in {row["prefix"]["value"] for row in rows}


@pytest.mark.parametrize("path", ["query", "query/methods", "query/tasks"])
def test_rdf_by_header_and_by_suffix(server: Running, path: str) -> None:
    for suffix, kind in {"ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}.items():
        lead = server.get(f"/{path}", kind)
        assert (lead.status, lead.headers["location"]) == (303, f"/{path}.{suffix}")
        reply = server.get(lead.headers["location"])
        assert (reply.status, reply.type) == (200, kind)
        assert BASE in reply.text
    assert server.get(f"/{path}").type == "application/json"
    assert server.get(f"/{path}", "*/*").type == "application/json"
    own = server.get("/query/methods.nt").text
    assert f"<{BASE}query/methods#parameter-task>" in own
    assert f"<{BASE}query/tasks>" not in own
    assert server.get("/query/nothing.ttl").status == 404
