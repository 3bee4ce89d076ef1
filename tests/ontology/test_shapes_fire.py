"""Each constraint of the shapes is shown to fire on a graph that breaks it and to stay silent on a sound one."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pyshacl
import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

ROOT: Final = Path(__file__).parents[2]
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SHAPE: Final = Namespace("https://w3id.org/stkg/ontology/shapes#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")
BASE: Final = "https://w3id.org/stkg/"

SHAPES: Final = Graph().parse(ROOT / "ontology" / "shapes.ttl")
GOOD: Final = Graph().parse(Path(__file__).parent / "minimal.ttl")

PREFIXES: Final = f"""
BASE <{BASE}>
PREFIX stkg: <{BASE}ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

Change = Callable[[Graph, URIRef, Node, Node], None]


class Case(NamedTuple):
    """One constraint of one property shape, reached from the node shape that owns it."""

    owner: URIRef
    shape: URIRef
    predicate: URIRef
    value: Node

    def __str__(self) -> str:
        """Readable test id."""
        value = "list" if isinstance(self.value, BNode) else self.value
        return f"{self.shape.removeprefix(SHAPE)}-{self.predicate.removeprefix(SH)}-{value}"[:100]


# --------------------------------------------------------------------------------------------------------------------
# Paths
# --------------------------------------------------------------------------------------------------------------------


def first_triples(graph: Graph, focus: Node, path: Node) -> list[tuple[Node, Node, Node]]:
    """Triples by which ``focus`` takes the first step of a path."""
    if isinstance(path, URIRef):
        return list(graph.triples((focus, path, None)))
    inverse = SHAPES.value(path, SH.inversePath)
    if inverse is not None:
        return list(graph.triples((None, inverse, focus)))
    alternatives = SHAPES.value(path, SH.alternativePath)
    steps = list(Collection(SHAPES, alternatives)) if alternatives is not None else list(Collection(SHAPES, path))[:1]
    return [triple for step in steps for triple in graph.triples((focus, step, None))]


def clear(graph: Graph, focus: Node, path: Node) -> None:
    """Remove all values of a path."""
    for triple in first_triples(graph, focus, path):
        graph.remove(triple)


def give(graph: Graph, focus: Node, path: Node, value: Node) -> None:
    """Add one value of a direct or inverse path."""
    inverse = SHAPES.value(path, SH.inversePath)
    if inverse is not None:
        graph.add((value, inverse, focus))
    else:
        assert isinstance(path, URIRef), "only direct and inverse paths can be given a value"
        graph.add((focus, path, value))


def replace(value_of: Callable[[Node, Node], Node]) -> Change:
    """A change that puts one wrong value in the place of all values."""

    def change(graph: Graph, focus: URIRef, shape: Node, parameter: Node) -> None:
        path = SHAPES.value(shape, SH.path)
        assert path is not None
        clear(graph, focus, path)
        give(graph, focus, path, value_of(shape, parameter))

    return change


def remove_all(graph: Graph, focus: URIRef, shape: Node, _parameter: Node) -> None:
    """Take all values away."""
    path = SHAPES.value(shape, SH.path)
    assert path is not None
    clear(graph, focus, path)


def remove_value(graph: Graph, focus: URIRef, shape: Node, parameter: Node) -> None:
    """Take the one required value away."""
    path = SHAPES.value(shape, SH.path)
    assert path is not None
    graph.remove((focus, path, parameter))


def add_two(graph: Graph, focus: URIRef, shape: Node, _parameter: Node) -> None:
    """Add two values more."""
    path = SHAPES.value(shape, SH.path)
    assert path is not None
    for name in ("extra-1", "extra-2"):
        give(graph, focus, path, URIRef(BASE + name))


def add_same_language(graph: Graph, focus: URIRef, shape: Node, _parameter: Node) -> None:
    """Add a second text in the same language."""
    path = SHAPES.value(shape, SH.path)
    assert path is not None
    give(graph, focus, path, Literal("Another text.", lang="en"))


def break_equality(graph: Graph, focus: URIRef, _shape: Node, parameter: Node) -> None:
    """Take away what the other property says."""
    graph.remove((focus, parameter, None))


def share_value(graph: Graph, focus: URIRef, shape: Node, parameter: Node) -> None:
    """Give the other property a value that must not be shared."""
    path = SHAPES.value(shape, SH.path)
    assert path is not None
    graph.add((focus, parameter, first_triples(graph, focus, path)[0][2]))


def wrong_text(shape: Node, _parameter: Node) -> Node:
    """A value that no pattern of ours accepts, of the kind that the shape wants."""
    is_iri = (shape, SH.nodeKind, SH.IRI) in SHAPES
    return URIRef("urn:wrong") if is_iri else Literal("   ")


def wrong_kind(_shape: Node, parameter: Node) -> Node:
    """A node of another kind than the one asked for."""
    wrong: dict[Node, Node] = {SH.IRI: Literal("text"), SH.Literal: URIRef("urn:wrong"), SH.IRIOrLiteral: BNode()}
    return wrong[parameter]


def shifted(by: int) -> Callable[[Node, Node], Node]:
    """A number just outside a bound."""
    return lambda _shape, parameter: Literal(int(str(parameter)) + by)


CHANGES: Final[dict[URIRef, Change]] = {
    SH.minCount: remove_all,
    SH.maxCount: add_two,
    SH.datatype: replace(lambda _shape, _parameter: Literal("x", datatype=XSD.anyURI)),
    SH.pattern: replace(wrong_text),
    SH["in"]: replace(lambda _shape, _parameter: Literal("nonsense")),
    SH["class"]: replace(lambda _shape, _parameter: URIRef(BASE + "nobody/knows")),
    SH.nodeKind: replace(wrong_kind),
    SH.minInclusive: replace(shifted(-1)),
    SH.maxInclusive: replace(shifted(1)),
    SH.minLength: replace(lambda _shape, _parameter: Literal("")),
    SH.languageIn: replace(lambda _shape, _parameter: Literal("Wort", lang="de")),
    SH.uniqueLang: add_same_language,
    SH.hasValue: remove_value,
    SH.equals: break_equality,
    SH.disjoint: share_value,
    SH.lessThanOrEquals: replace(lambda _shape, _parameter: Literal("2099-01-01", datatype=XSD.date)),
}
NOT_CONSTRAINTS: Final = {SH.path, SH.name, SH.description, SH.message, SH.flags, RDF.type}


def component(predicate: URIRef) -> URIRef:
    """Name that a report gives to a constraint."""
    name = predicate.removeprefix(SH)
    return SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]


def property_cases() -> Iterator[Case]:
    """Every constraint of every property shape that a node shape owns."""
    for owner, shape in sorted(SHAPES.subject_objects(SH.property)):
        for predicate, value in sorted(SHAPES.predicate_objects(shape)):
            if predicate not in NOT_CONSTRAINTS:
                yield Case(URIRef(str(owner)), URIRef(str(shape)), URIRef(str(predicate)), value)


def targets(graph: Graph, owner: Node) -> list[URIRef]:
    """Nodes that a node shape speaks of."""
    found = {node for cls in SHAPES.objects(owner, SH.targetClass) for node in graph.subjects(RDF.type, cls)}
    found |= {node for prop in SHAPES.objects(owner, SH.targetSubjectsOf) for node in graph.subjects(prop, None)}
    return sorted(URIRef(str(node)) for node in found)


@cache
def shapes_of(owner: URIRef) -> Graph:
    """The part of the shapes that one node shape reaches; validates much faster than the whole."""
    part = Graph()
    waiting: list[Node] = [owner]
    while waiting:
        for triple in SHAPES.triples((waiting.pop(), None, None)):
            if triple not in part:
                part.add(triple)
                waiting.append(triple[2])
    return part


def violations(graph: Graph, owner: URIRef) -> set[tuple[Node, Node, Node]]:
    """What one node shape reports, as (shape, component, focus node)."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes_of(owner))
    assert isinstance(report, Graph)
    return {
        (
            report.value(result, SH.sourceShape) or BNode(),
            report.value(result, SH.sourceConstraintComponent) or BNode(),
            report.value(result, SH.focusNode) or BNode(),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def copy_of_good() -> Graph:
    """A copy of the sound graph to break."""
    graph = Graph()
    graph += GOOD
    return graph


def test_the_sound_graph_conforms() -> None:
    conforms, _, text = pyshacl.validate(GOOD, shacl_graph=SHAPES, meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize("case", list(property_cases()), ids=str)
def test_constraint_fires(case: Case) -> None:
    path = SHAPES.value(case.shape, SH.path)
    assert path is not None
    nodes = [node for node in targets(GOOD, case.owner) if first_triples(GOOD, node, path)]
    assert nodes, f"minimal.ttl has no node with a value for {case.shape}: add one"
    graph = copy_of_good()
    CHANGES[case.predicate](graph, nodes[0], case.shape, case.value)
    assert (case.shape, component(case.predicate), nodes[0]) in violations(graph, case.owner)


IRI_SHAPES: Final = sorted(
    URIRef(str(shape)) for shape in SHAPES.subjects(SH.pattern, None) if (shape, SH.path, None) not in SHAPES
)


@pytest.mark.parametrize("shape", IRI_SHAPES, ids=lambda shape: str(shape.removeprefix(SHAPE)))
@pytest.mark.parametrize(
    ("name", "fired"),
    [
        (URIRef(BASE + "method/Not_A_Slug"), SH.PatternConstraintComponent),
        (URIRef("https://example.org/method/alpha"), SH.PatternConstraintComponent),
        (BNode("nameless"), SH.NodeKindConstraintComponent),
    ],
    ids=["bad-slug", "foreign", "blank"],
)
def test_iri_form_is_held(shape: URIRef, name: Node, fired: URIRef) -> None:
    focus = targets(GOOD, shape)[0]
    graph = Graph()
    for triple in GOOD:
        graph.add(tuple(name if term == focus else term for term in triple))  # type: ignore[arg-type]
    assert (shape, fired) in {found[:2] for found in violations(graph, shape)}
    assert not violations(GOOD, shape)


# --------------------------------------------------------------------------------------------------------------------
# Rules that join several fields
# --------------------------------------------------------------------------------------------------------------------

BROKEN: Final = {
    "Method-scopeExplained": ["DELETE DATA { <method/beta> stkg:scopeNote 'Reads no transcripts.' }"],
    "Paper-scopeExplained": ["DELETE DATA { <paper/alpha-review-2021> stkg:scopeNote 'Covers much else.' }"],
    "RetiredRecord-heir": [
        "DELETE DATA { <method/double> dcterms:isReplacedBy <method/alpha> }",
        "DELETE DATA { <method/former> dcterms:isReplacedBy <method/alpha> }",
        "INSERT DATA { <method/wrong> dcterms:isReplacedBy <method/alpha> }",
    ],
    "PaperVersion-identified": [
        "DELETE WHERE { <paper/alpha-2020/version/1> stkg:doi ?a ; stkg:arxivId ?b ; dcterms:title ?c ; schema:url ?d }"
    ],
    "Task-placed": [
        "INSERT DATA { <task/domains> skos:topConceptOf <task/scheme> }",
        "DELETE DATA { <task/domains> skos:broader <task/representation> }",
    ],
    "Claim-rejectionExplained": ["DELETE DATA { <claim/0a1c> stkg:note 'Year of the preprint.' }"],
    "Evidence-found": ["DELETE DATA { <evidence/0a1c> schema:url <https://doi.org/10.1234/x> }"],
    "ListEntry-resolved": [
        "DELETE DATA { <listing/list/entry/2> stkg:entryStatus 'unresolved' } ;"
        "INSERT DATA { <listing/list/entry/2> stkg:entryStatus 'confirmed' }"
    ],
    "ListEntry-correctedWhere": [
        "DELETE DATA { <listing/list/correction/1-1> stkg:correctsEntry <listing/list/entry/1> }"
    ],
    "Lineage": [
        "INSERT DATA { <method/beta> stkg:derivedFrom <method/beta> }",
        "INSERT DATA { <method/beta> stkg:derivedFrom <method/delta> . "
        "<method/delta> stkg:derivedFrom <method/alpha> }",
    ],
    "Comparison": ["INSERT DATA { <method/beta> stkg:comparedWith <method/beta> }"],
}


@pytest.mark.parametrize(("name", "update"), [(name, update) for name, all_ in BROKEN.items() for update in all_])
def test_joint_rule_fires(name: str, update: str) -> None:
    graph = copy_of_good()
    graph.update(PREFIXES + update)
    assert SHAPE[name] in {found[0] for found in violations(graph, SHAPE[name])}
    assert not violations(GOOD, SHAPE[name])


def test_every_joint_rule_is_broken_by_some_case() -> None:
    joint = {node for rule in (SH["or"], SH.xone, SH["not"], SH["and"], SH.sparql) for node in SHAPES.subjects(rule)}
    assert joint == {SHAPE[name] for name in BROKEN}
