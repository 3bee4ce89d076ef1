"""Headers of the ontology modules: FOOPS! and OBO rules that hold offline; the rest has to be listed as pending."""

import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from rdflib import DCTERMS, OWL, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ONTOLOGY: Final = Path(__file__).parents[2] / "ontology"
MAIN: Final = URIRef("https://w3id.org/stkg/ontology")
STKG: Final = Namespace("https://w3id.org/stkg/ontology#")
VANN: Final = Namespace("http://purl.org/vocab/vann/")
BIBO: Final = Namespace("http://purl.org/ontology/bibo/")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
SCHEMA: Final = Namespace("https://schema.org/")
MODULES: Final = {
    "stkg.ttl": MAIN,
    "alignments.ttl": URIRef("https://w3id.org/stkg/ontology/alignments"),
    "shapes.ttl": URIRef("https://w3id.org/stkg/ontology/shapes"),
}
GRAPHS: Final = {name: Graph().parse(ONTOLOGY / name) for name in MODULES}
SEMVER: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")

# FOOPS! name of a check -> property that would meet it; None when only a server can meet it.
PENDING: Final[dict[str, URIRef | None]] = {
    "CN1": None,
    "DOC1": None,
    "FIND2": None,
    "FIND3": SCHEMA.includedInDataCatalog,
    "OM3 doi": BIBO.doi,
    "OM3 logo": FOAF.logo,
    "OM4.2": None,
    "URI1": None,
    "URI2": None,
    "VER2": None,
}


def only(graph: Graph, subject: Node, predicate: URIRef) -> Node:
    """The one value of a property."""
    values = list(graph.objects(subject, predicate))
    assert len(values) == 1, f"{predicate} has {len(values)} values"
    return values[0]


@pytest.fixture(params=MODULES, ids=str)
def module(request: pytest.FixtureRequest) -> tuple[Graph, URIRef]:
    """Each module with its IRI."""
    return GRAPHS[request.param], MODULES[request.param]


def test_one_ontology_in_a_file(module: tuple[Graph, URIRef]) -> None:
    graph, iri = module
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [iri]


def test_iri_is_persistent(module: tuple[Graph, URIRef]) -> None:
    """FOOPS! PURL1 and HTTP1."""
    assert module[1].startswith("https://w3id.org/")
    assert not module[1].endswith(("#", "/"))


@pytest.mark.parametrize("field", [DCTERMS.title, DCTERMS.description], ids=["title", "description"])
def test_title_and_description_are_english(module: tuple[Graph, URIRef], field: URIRef) -> None:
    """FOOPS! OM1; ROBOT missing_ontology_title and missing_ontology_description."""
    graph, iri = module
    value = only(graph, iri, field)
    assert isinstance(value, Literal)
    assert value.language == "en"
    assert value.strip() == str(value) != ""


@pytest.mark.parametrize("field", [DCTERMS.license, DCTERMS.creator, DCTERMS.publisher], ids=str)
def test_agents_and_licence_are_iris(module: tuple[Graph, URIRef], field: URIRef) -> None:
    """FOOPS! OM1, OM3, OM4.1, OM5; a blank node would be dropped. ROBOT missing_ontology_license."""
    graph, iri = module
    value = only(graph, iri, field)
    assert isinstance(value, URIRef)
    assert value.startswith("https://")


def test_licence_is_cc0(module: tuple[Graph, URIRef]) -> None:
    graph, iri = module
    assert only(graph, iri, DCTERMS.license) == URIRef("https://creativecommons.org/publicdomain/zero/1.0/")


def test_creator_is_described_and_is_not_the_data_set() -> None:
    graph = GRAPHS["stkg.ttl"]
    creator = only(graph, MAIN, DCTERMS.creator)
    assert creator == only(graph, MAIN, DCTERMS.publisher) == URIRef("https://w3id.org/stkg/contributors")
    assert (creator, RDF.type, FOAF.Organization) in graph


def test_dates_are_in_order(module: tuple[Graph, URIRef]) -> None:
    """FOOPS! OM2, OM3, OM5: creation, issue and modification are literals that hold a day."""
    graph, iri = module
    created, issued, modified = (
        date.fromisoformat(str(only(graph, iri, field)))
        for field in (DCTERMS.created, DCTERMS.issued, DCTERMS.modified)
    )
    assert created <= issued <= modified


def test_version(module: tuple[Graph, URIRef]) -> None:
    """FOOPS! VER1: the version IRI is the ontology IRI with the version behind it."""
    graph, iri = module
    info = str(only(graph, iri, OWL.versionInfo))
    assert SEMVER.fullmatch(info)
    assert only(graph, iri, OWL.versionIRI) == URIRef(f"{iri}/{info}")


def test_modules_have_one_version() -> None:
    assert len({str(only(GRAPHS[name], iri, OWL.versionInfo)) for name, iri in MODULES.items()}) == 1


def test_citation_names_title_version_and_place(module: tuple[Graph, URIRef]) -> None:
    """FOOPS! OM2 counts dcterms:bibliographicCitation only."""
    graph, iri = module
    citation = str(only(graph, iri, DCTERMS.bibliographicCitation))
    assert str(only(graph, iri, DCTERMS.title)) in citation
    assert str(only(graph, iri, OWL.versionIRI)) in citation
    assert f"Version {only(graph, iri, OWL.versionInfo)}." in citation
    assert str(only(graph, iri, DCTERMS.created))[:4] in citation


def test_preferred_prefix(module: tuple[Graph, URIRef]) -> None:
    """FOOPS! FIND1, OM1, OM2: prefix and namespace are those that the file itself declares."""
    graph, iri = module
    prefix, namespace = only(graph, iri, VANN.preferredNamespacePrefix), only(graph, iri, VANN.preferredNamespaceUri)
    assert dict(graph.namespaces())[str(prefix)] == URIRef(str(namespace))
    assert str(namespace).startswith("https://w3id.org/stkg/ontology")


def test_status_is_one_of_bibo(module: tuple[Graph, URIRef]) -> None:
    """FOOPS! OM3."""
    graph, iri = module
    assert str(only(graph, iri, BIBO.status)).startswith(f"{BIBO}status/")


def test_source_is_given() -> None:
    """FOOPS! OM3."""
    assert isinstance(only(GRAPHS["stkg.ttl"], MAIN, DCTERMS.source), URIRef)


def test_header_values_are_not_blank_nodes(module: tuple[Graph, URIRef]) -> None:
    graph, iri = module
    assert not [value for value in graph.objects(iri, None) if isinstance(value, BNode)]


def test_only_the_alignments_import() -> None:
    imports = {(iri, target) for name, iri in MODULES.items() for target in GRAPHS[name].objects(iri, OWL.imports)}
    assert imports == {(MODULES["alignments.ttl"], MAIN)}


def pending_of(graph: Graph) -> dict[str, str]:
    """Check -> reason, from the pending list of the header."""
    found = {}
    for text in graph.objects(MAIN, STKG.pendingPublication):
        names, _, reason = str(text).partition(": ")
        found.update(dict.fromkeys(names.split(", "), reason))
    return found


@pytest.mark.parametrize(("check", "field"), PENDING.items(), ids=PENDING.keys())
def test_what_publication_has_to_provide_is_listed(check: str, field: URIRef | None) -> None:
    """Each check is met or pending, never both: a value that appears takes its check off the list."""
    graph = GRAPHS["stkg.ttl"]
    is_met = field is not None and (MAIN, field, None) in graph
    assert (check in pending_of(graph)) != is_met


def test_nothing_else_is_pending() -> None:
    pending = pending_of(GRAPHS["stkg.ttl"])
    assert set(pending) <= set(PENDING)
    assert all(len(reason.split()) >= 4 for reason in pending.values())


def test_pending_things_are_in_the_readme() -> None:
    readme = (ONTOLOGY / "README.md").read_text(encoding="utf-8")
    assert [check for check in pending_of(GRAPHS["stkg.ttl"]) if check not in readme] == []


def test_no_identifier_is_invented() -> None:
    """No DOI and no ORCID in a header: both are given by others."""
    for name, iri in MODULES.items():
        values = " ".join(str(value) for value in GRAPHS[name].objects(iri, None))
        assert "orcid.org" not in values
        assert not re.search(r"\b10\.\d{4,9}/", values)


def test_header_literals_are_of_owl_datatypes(module: tuple[Graph, URIRef]) -> None:
    graph, iri = module
    datatypes = {value.datatype for value in graph.objects(iri, None) if isinstance(value, Literal)}
    assert datatypes <= {None, XSD.string, XSD.boolean}
