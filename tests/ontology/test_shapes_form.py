"""The shapes file is sound: named shapes, texts for curators, known terms, and the same word lists as the records."""

import re
from pathlib import Path
from typing import Any, Final, get_args

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.iris import RECORD_KINDS
from kg.model import ListEntry, Method, Paper, Source, Version

ONTOLOGY: Final = Path(__file__).parents[2] / "ontology"
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SHAPE: Final = Namespace("https://w3id.org/stkg/ontology/shapes#")
STKG: Final = Namespace("https://w3id.org/stkg/ontology#")
SHAPES: Final = Graph().parse(ONTOLOGY / "shapes.ttl")
MAIN: Final = Graph().parse(ONTOLOGY / "stkg.ttl")
NODE_SHAPES: Final = sorted(str(shape) for shape in SHAPES.subjects(RDF.type, SH.NodeShape))
PROPERTY_SHAPES: Final = sorted(str(shape) for shape in SHAPES.subjects(RDF.type, SH.PropertyShape))
SENTENCE: Final = re.compile(r"[\w\"][^\n]*\.")


def short(shape: str) -> str:
    """Name of a shape without its namespace."""
    return shape.removeprefix(str(SHAPE))


def english(shape: str, field: URIRef) -> str:
    """The one English text of a field."""
    values = list(SHAPES.objects(URIRef(shape), field))
    assert len(values) == 1, values
    assert isinstance(values[0], Literal)
    assert values[0].language == "en"
    return str(values[0])


def test_shapes_are_valid_shacl() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


def test_blank_nodes_are_lists_and_paths_only() -> None:
    """Whatever a report can name has an IRI."""
    own = {SH.inversePath, SH.alternativePath, RDF.first, RDF.rest}
    found = {(s, p) for s, p, _ in SHAPES if isinstance(s, BNode) and p not in own}
    assert found == set()
    assert {str(s) for s in SHAPES.subjects(RDF.type) if isinstance(s, BNode)} == set()


@pytest.mark.parametrize("shape", PROPERTY_SHAPES, ids=short)
def test_property_shape_speaks_to_curators(shape: str) -> None:
    assert english(shape, SH.name).strip()
    assert SENTENCE.fullmatch(english(shape, SH.description))
    message = english(shape, SH.message)
    assert SENTENCE.fullmatch(message)
    assert ":" in message, "a message says what is wrong, a colon, and what to do"
    assert len(message.split()) >= 8


@pytest.mark.parametrize("shape", NODE_SHAPES, ids=short)
def test_node_shape_is_labelled(shape: str) -> None:
    assert english(shape, RDFS.label).strip()
    assert SENTENCE.fullmatch(english(shape, SH.description))


def test_each_rule_without_property_shape_has_a_message() -> None:
    """A constraint of a node shape itself reports with the message of that node shape."""
    rules = (SH["or"], SH.xone, SH.pattern, SH.nodeKind, SH.select)
    bearers = {s for rule in rules for s in SHAPES.subjects(rule) if (s, SH.path, None) not in SHAPES}
    assert len(bearers) > len(RECORD_KINDS)
    for shape in bearers:
        assert ":" in english(str(shape), SH.message) or "." in english(str(shape), SH.message)


def test_every_property_shape_is_reached() -> None:
    """No shape is written and then forgotten."""
    reached = set(SHAPES.objects(None, SH.property))
    for rule in (SH["or"], SH.xone):
        for head in SHAPES.objects(None, rule):
            reached |= set(Collection(SHAPES, head))
    assert {shape for shape in PROPERTY_SHAPES if URIRef(shape) not in reached} == set()


def test_every_node_shape_has_a_target() -> None:
    untargeted = [
        shape
        for shape in NODE_SHAPES
        if not any((URIRef(shape), target, None) in SHAPES for target in (SH.targetClass, SH.targetSubjectsOf))
    ]
    assert untargeted == []


def concrete_classes() -> list[str]:
    """Classes of ours that data name."""
    return sorted(
        str(cls)
        for cls in MAIN.subjects(RDF.type, OWL.Class)
        if str(cls).startswith(str(STKG)) and (cls, STKG.reserved, None) not in MAIN
    )


@pytest.mark.parametrize("cls", concrete_classes(), ids=lambda cls: str(cls).removeprefix(str(STKG)))
def test_each_class_has_a_shape_with_properties_and_one_for_its_iri(cls: str) -> None:
    shapes = set(SHAPES.subjects(SH.targetClass, URIRef(cls)))
    assert any((shape, SH.property, None) in SHAPES for shape in shapes)
    assert any((shape, SH.pattern, None) in SHAPES for shape in shapes)


def test_each_property_of_ours_is_constrained() -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {p for kind in kinds for p in MAIN.subjects(RDF.type, kind) if (p, STKG.reserved, None) not in MAIN}
    constrained = {node for node in SHAPES.objects(None, SH.path) if isinstance(node, URIRef)}
    lineage = {STKG[name] for name in ("extends", "reusesCodeOf", "reimplements", "supersedes")}
    assert declared - constrained == lineage, "the four kinds of descent are held by Method-lineageKind"
    nodes = SHAPES.all_nodes()
    assert lineage <= nodes


def test_shapes_use_declared_terms_only() -> None:
    used = {str(node) for node in (*SHAPES.all_nodes(), *SHAPES.predicates()) if str(node).startswith(str(STKG))}
    used.discard(str(STKG))
    declared = {str(term) for term in MAIN.subjects(RDF.type)}
    text = " ".join(str(query) for query in SHAPES.objects(None, SH.select))
    used |= {str(STKG[name]) for name in re.findall(r"stkg:(\w+)", text)}
    assert used - declared == set()


def test_domains_agree_with_shapes() -> None:
    """A property is constrained on a class only where the ontology says that it may stand there."""
    schema = Namespace("https://schema.org/")
    above = {(s, o) for s, o in MAIN.subject_objects(RDFS.subClassOf)}
    wrong = []
    for owner, shape in SHAPES.subject_objects(SH.property):
        path = SHAPES.value(shape, SH.path)
        cls = SHAPES.value(owner, SH.targetClass)
        if not str(path).startswith(str(STKG)) or not str(cls).startswith(str(STKG)):
            continue
        allowed = set(MAIN.objects(path, schema.domainIncludes))
        if cls not in allowed and not any((cls, parent) in above for parent in allowed):
            wrong.append(f"{path} on {cls}")
    assert wrong == []


def test_ranges_agree_with_shapes() -> None:
    """sh:class repeats what the ontology says of a property's range."""
    schema = Namespace("https://schema.org/")
    wrong = []
    for shape, cls in SHAPES.subject_objects(SH["class"]):
        path = SHAPES.value(shape, SH.path)
        if str(path).startswith(str(STKG)) and set(MAIN.objects(path, schema.rangeIncludes)) != {cls}:
            wrong.append(f"{path}: {cls}")
    assert wrong == []


def words(shape: str) -> set[str]:
    """Allowed words of a controlled string."""
    head = SHAPES.value(SHAPE[shape], SH["in"])
    assert head is not None
    return {str(word) for word in Collection(SHAPES, head)}


def literals(model: Any, field: str) -> set[str]:
    """Allowed words of a field of a record, whether or not it may be left out."""
    given = get_args(model.model_fields[field].annotation)
    words = given if type(None) not in given else get_args(given[0])
    return set(words)


@pytest.mark.parametrize(
    ("shape", "model", "field"),
    [
        ("Method-scope", Method, "scope"),
        ("Method-evidenceLevel", Method, "evidence_level"),
        ("Paper-scope", Paper, "scope"),
        ("Paper-kind", Paper, "kind"),
        ("PaperVersion-kind", Version, "kind"),
        ("Source-kind", Source, "kind"),
        ("ListEntry-status", ListEntry, "status"),
    ],
)
def test_word_lists_equal_those_of_the_records(shape: str, model: Any, field: str) -> None:
    assert words(shape) == literals(model, field) != set()


@pytest.mark.parametrize("model", [Method, Paper])
def test_a_status_is_that_of_a_record_that_stands_or_of_a_retired_one(model: Any) -> None:
    stands = words(f"{model.__name__}-status")
    assert stands | words("RetiredRecord-status") == literals(model, "status") | {"renamed"}
    assert stands == {"current"}


def iri_pattern(cls: str) -> Node | None:
    """Pattern for the IRIs of a class."""
    return SHAPES.value(SHAPE[f"{cls}-iri"], SH.pattern)


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_iri_pattern_takes_minted_iris(kind: str) -> None:
    pattern = str(iri_pattern(kind.capitalize()))
    assert re.search(pattern, f"https://w3id.org/stkg/{kind}/3d-otp2")
    for wrong in (f"https://w3id.org/stkg/{kind}/A", f"https://w3id.org/stkg/{kind}/a--b", "https://w3id.org/stkg/x/a"):
        assert not re.search(pattern, wrong)
