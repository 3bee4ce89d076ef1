"""Every foreign IRI in use is on the list of checked terms, and is of the kind that it is used as."""

import re
from pathlib import Path
from typing import Final, TypedDict

import pytest
import yaml
from rdflib import OWL, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node


class Term(TypedDict):
    """One row of external-terms.yaml."""

    iri: str
    kind: str
    label: str
    vocabulary: str
    version: str
    checked: str


ROOT: Final = Path(__file__).parents[2]
ONTOLOGY: Final = ROOT / "ontology"
OURS: Final = "https://w3id.org/stkg/"
STKG: Final = Namespace("https://w3id.org/stkg/ontology#")
FILES: Final = ("stkg.ttl", "alignments.ttl", "shapes.ttl")
TERMS: Final[list[Term]] = yaml.safe_load((ONTOLOGY / "external-terms.yaml").read_text(encoding="utf-8"))["terms"]
KIND: Final = {term["iri"]: term["kind"] for term in TERMS}
MAIN: Final = Graph().parse(ONTOLOGY / "stkg.ttl")
ALIGNMENTS: Final = Graph().parse(ONTOLOGY / "alignments.ttl")
KINDS: Final = {
    "annotation property", "class", "datatype", "datatype property", "individual", "object property", "ontology",
    "ontology property", "property",
}  # fmt: skip
MATCHES: Final = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)

# What the loader writes beside terms of our own.
LOADER: Final = """
http://www.w3.org/1999/02/22-rdf-syntax-ns# type Statement subject predicate object
http://www.w3.org/2000/01/rdf-schema# label
http://www.w3.org/2004/02/skos/core# Concept ConceptScheme prefLabel altLabel definition scopeNote broader inScheme
 topConceptOf exactMatch closeMatch broadMatch narrowMatch relatedMatch
http://purl.org/dc/terms/ LicenseDocument description issued isReplacedBy license subject title
http://www.w3.org/ns/dcat# Dataset version
http://www.w3.org/ns/prov# Entity wasDerivedFrom
http://rdfs.org/ns/void# Dataset uriSpace
http://xmlns.com/foaf/0.1/ Person
http://purl.org/spar/fabio/ BookChapter ConferencePaper JournalArticle Preprint ReviewArticle
https://schema.org/ ComputerLanguage CreativeWork Dataset Periodical Person ScholarlyArticle SoftwareApplication
 sameAs url
http://www.w3.org/2001/XMLSchema# boolean date integer string
"""


def iris_of(graph: Graph) -> set[str]:
    """Every IRI of a graph, those of datatypes included."""
    found = set()
    for node in (*graph.all_nodes(), *graph.predicates()):
        if isinstance(node, URIRef):
            found.add(str(node))
        elif isinstance(node, Literal) and node.datatype is not None:
            found.add(str(node.datatype))
    return found


def loader_iris() -> list[str]:
    """The loader's foreign terms, in full."""
    return [
        line.split()[0] + name for line in LOADER.strip().replace("\n ", " ").splitlines() for name in line.split()[1:]
    ]


@pytest.mark.parametrize("name", FILES)
def test_each_foreign_iri_is_checked(name: str) -> None:
    foreign = {iri for iri in iris_of(Graph().parse(ONTOLOGY / name)) if not iri.startswith(OURS)}
    assert len(foreign) > 10
    assert sorted(foreign - set(KIND)) == []


@pytest.mark.parametrize("iri", loader_iris())
def test_each_term_of_the_loader_is_checked(iri: str) -> None:
    assert iri in KIND


def test_the_list_is_sorted_and_has_no_double() -> None:
    iris = [term["iri"] for term in TERMS]
    assert iris == sorted(set(iris))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: str(term["iri"]))
def test_row_is_complete(term: Term) -> None:
    assert list(term) == ["iri", "kind", "label", "vocabulary", "version", "checked"]
    assert all(isinstance(value, str) and value.strip() == value != "" for value in term.values())
    assert re.fullmatch(r"https?://[^\s<>\"]+", term["iri"])
    assert not term["iri"].startswith(OURS)
    assert term["kind"] in KINDS
    assert re.fullmatch(r"[\w.-]+/[\w.-]+:\S+@[0-9a-f]{40}", term["checked"])


def test_one_vocabulary_is_checked_at_one_version() -> None:
    places: dict[str, set[tuple[str, str]]] = {}
    for term in TERMS:
        places.setdefault(term["vocabulary"], set()).add((term["version"], term["checked"]))
    assert {name: place for name, place in places.items() if len(place) > 1} == {}


def kind_of_ours(term: Node) -> str:
    """Kind of a term of ours, in the words of the list."""
    names = {
        OWL.Class: "class",
        OWL.ObjectProperty: "object property",
        OWL.DatatypeProperty: "datatype property",
        OWL.AnnotationProperty: "annotation property",
    }
    return next((names[URIRef(str(kind))] for kind in MAIN.objects(term) if kind in names), "undeclared")


def wrong_bridges(graph: Graph) -> list[str]:
    """Bridges between terms of different kinds; ``property`` is a foreign property of no stated kind."""
    allowed = {
        RDFS.subClassOf: {("class", "class")},
        RDFS.subPropertyOf: {
            (f"{kind} property", other) for kind in ("object", "datatype") for other in (f"{kind} property", "property")
        },
    }
    return [
        f"{sub} {kind_of_ours(sub)} -> {sup} {KIND.get(str(sup))}"
        for link, pairs in allowed.items()
        for sub, sup in graph.subject_objects(link)
        if (kind_of_ours(sub), KIND.get(str(sup), "unknown")) not in pairs
    ]


def wrong_matches(graph: Graph) -> list[str]:
    """Matches between a class and a property, or of a term that we do not have."""
    return [
        f"{ours} {kind_of_ours(ours)} ~ {other} {KIND.get(str(other))}"
        for link in MATCHES
        for ours, other in graph.subject_objects(link)
        if kind_of_ours(ours).split()[-1] != KIND.get(str(other), "unknown").split()[-1]
    ]


def test_bridges_join_terms_of_one_kind() -> None:
    """A datatype property of ours never stands below an object property, and the reverse."""
    assert wrong_bridges(ALIGNMENTS) == []
    assert wrong_matches(ALIGNMENTS) == []


@pytest.mark.parametrize(
    "triple",
    [
        (STKG.doi, RDFS.subPropertyOf, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")),
        (STKG.author, RDFS.subPropertyOf, URIRef("http://prismstandard.org/namespaces/basic/2.0/doi")),
        (STKG.Method, RDFS.subClassOf, URIRef("http://purl.org/dc/terms/subject")),
        (STKG.Unheard, RDFS.subClassOf, SKOS.Concept),
    ],
    ids=["datatype under object", "object under datatype", "class under property", "undeclared"],
)
def test_a_wrong_bridge_is_seen(triple: tuple[Node, Node, Node]) -> None:
    graph = Graph()
    graph.add(triple)
    assert wrong_bridges(graph)


def test_a_wrong_match_is_seen() -> None:
    graph = Graph()
    graph.add((STKG.Method, SKOS.closeMatch, URIRef("http://purl.org/dc/terms/subject")))
    assert wrong_matches(graph)


def test_nothing_is_declared_equal_to_a_foreign_term() -> None:
    """owl:sameAs and equivalences would import every consequence of the other vocabulary."""
    for link in (OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty):
        assert list(ALIGNMENTS.subject_objects(link)) == []


def test_only_our_terms_are_aligned() -> None:
    for link in (RDFS.subClassOf, RDFS.subPropertyOf, *MATCHES):
        subjects = {str(subject) for subject in ALIGNMENTS.subjects(link)}
        assert {iri for iri in subjects if not iri.startswith(str(STKG))} == set()


WANTED: Final = {
    "schema", "fabio", "cito", "dcterms", "prov", "dcat", "skos", "codemeta", "edam", "lpwc", "foaf", "fair4ml", "iao",
    "swo",
}  # fmt: skip


def test_each_vocabulary_has_a_bridge() -> None:
    links = (RDFS.subClassOf, RDFS.subPropertyOf, *MATCHES)
    targets = {str(o) for link in links for o in ALIGNMENTS.objects(None, link)}
    assert WANTED - {term["vocabulary"] for term in TERMS if term["iri"] in targets} == set()
    assert "http://prismstandard.org/namespaces/basic/2.0/doi" in targets
