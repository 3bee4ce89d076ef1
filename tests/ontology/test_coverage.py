"""Ontology against the built graph and the stored queries: nothing undeclared is used, nothing is declared in vain."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, XSD, Graph, Literal, Namespace, URIRef

from kg.catalog import load_catalog
from kg.projection import catalog_quads
from kg.resources import resource_root

ONTOLOGY: Final = Path(__file__).parents[2] / "ontology"
STKG: Final = Namespace("https://w3id.org/stkg/ontology#")
RDF_TYPE: Final = str(RDF.type)
RDF_PREDICATE: Final = str(RDF.predicate)
MAIN: Final = Graph().parse(ONTOLOGY / "stkg.ttl")
EXTERNAL: Final = {
    row["iri"]: row["kind"]
    for row in yaml.safe_load((ONTOLOGY / "external-terms.yaml").read_text(encoding="utf-8"))["terms"]
}


def declared(*kinds: URIRef) -> set[str]:
    """Terms of ours, of some kinds."""
    return {str(t) for kind in kinds for t in MAIN.subjects(RDF.type, kind) if str(t).startswith(str(STKG))}


@cache
def used_in_data() -> tuple[frozenset[str], frozenset[str]]:
    """Classes and properties of the built graph; a property that only claims name counts as well."""
    classes: set[str] = set()
    properties: set[str] = set()
    for quad in catalog_quads(load_catalog(resource_root("data"))):
        properties.add(quad.predicate.value)
        if quad.predicate.value in {RDF_TYPE, RDF_PREDICATE} and isinstance(quad.object, NamedNode):
            (classes if quad.predicate.value == RDF_TYPE else properties).add(quad.object.value)
    return frozenset(classes), frozenset(properties)


def used_in_queries() -> set[str]:
    """Terms of ours that stored queries name, by prefix or in full; comments do not count."""
    found: set[str] = set()
    for path in sorted(resource_root("queries").rglob("*.rq")):
        text = re.sub(r"^#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found.update(str(STKG[name]) for name in re.findall(r"(?<![\w.-])stkg:(\w+)", text))
        found.update(re.findall(rf"<({re.escape(str(STKG))}\w+)>", text))
    return found


def test_the_graph_is_not_empty() -> None:
    classes, properties = used_in_data()
    assert str(STKG.Method) in classes
    assert str(STKG.introducedIn) in properties


def test_every_class_of_the_data_is_declared() -> None:
    classes, _ = used_in_data()
    foreign = {iri for iri, kind in EXTERNAL.items() if kind == "class"}
    assert sorted(classes - declared(OWL.Class) - foreign) == []


def test_every_property_of_the_data_is_declared() -> None:
    _, properties = used_in_data()
    foreign = {iri for iri, kind in EXTERNAL.items() if kind.endswith("property")}
    assert sorted(properties - declared(OWL.ObjectProperty, OWL.DatatypeProperty) - foreign) == []


def test_every_term_of_a_query_is_declared() -> None:
    everything = declared(OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    assert sorted(used_in_queries() - everything) == []


def reserved() -> set[str]:
    """Terms that are marked as not used."""
    return {str(term) for term in MAIN.subjects(STKG.reserved, Literal("true", datatype=XSD.boolean))}


def test_every_declared_term_is_used_or_reserved() -> None:
    classes, properties = used_in_data()
    in_ontology = {str(predicate) for predicate in MAIN.predicates()}
    used = classes | properties | used_in_queries() | in_ontology
    everything = declared(OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    assert sorted(everything - used - reserved()) == []


def test_no_reserved_term_is_used() -> None:
    """The mark goes as soon as data or a query uses the term."""
    classes, properties = used_in_data()
    assert sorted(reserved() & (classes | properties | used_in_queries())) == []
