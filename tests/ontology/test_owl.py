"""OWL 2 DL by construction: structural rules that a profile checker would apply, each able to fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef

ONTOLOGY: Final = Path(__file__).parents[2] / "ontology"
STKG: Final = Namespace("https://w3id.org/stkg/ontology#")
SCHEMA: Final = Namespace("https://schema.org/")
MAIN: Final = Graph().parse(ONTOLOGY / "stkg.ttl")
ALIGNMENTS: Final = Graph().parse(ONTOLOGY / "alignments.ttl")
BOTH: Final = MAIN + ALIGNMENTS

ENTITY_KINDS: Final = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype}
CHARACTERISTICS: Final = {
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.IrreflexiveProperty,
    OWL.FunctionalProperty,
    OWL.TransitiveProperty,
}
BUILT_IN_ANNOTATIONS: Final = {
    RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated, OWL.priorVersion,
}  # fmt: skip
AXIOM_PROPERTIES: Final = {
    RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.disjointWith, OWL.inverseOf,
    OWL.imports, OWL.versionIRI,
}  # fmt: skip
# OWL 2 Structural Specification, section 4, without the numeric types that nothing here could need.
OWL2_DATATYPES: Final = {
    RDFS.Literal, RDF.PlainLiteral, RDF.langString, XSD.string, XSD.boolean, XSD.integer, XSD.nonNegativeInteger,
    XSD.positiveInteger, XSD.decimal, XSD.double, XSD.dateTime, XSD.dateTimeStamp, XSD.anyURI,
}  # fmt: skip

Rule = Callable[[Graph], list[str]]


def kinds(graph: Graph, term: URIRef) -> set[URIRef]:
    """Kinds of entity that a term is declared as."""
    return {URIRef(str(kind)) for kind in graph.objects(term, RDF.type)} & ENTITY_KINDS


def declared(graph: Graph, kind: URIRef) -> set[URIRef]:
    """Terms declared as one kind of entity."""
    return {URIRef(str(term)) for term in graph.subjects(RDF.type, kind)}


def no_punning(graph: Graph) -> list[str]:
    """A term is one kind of entity only; the same name is never a class and a property."""
    everything = {URIRef(str(term)) for kind in ENTITY_KINDS for term in graph.subjects(RDF.type, kind)}
    return [f"{term}: {sorted(kinds(graph, term))}" for term in sorted(everything) if len(kinds(graph, term)) != 1]


def predicates_are_declared(graph: Graph) -> list[str]:
    """Every property that a triple uses is an axiom of OWL, a built-in annotation or declared as annotation."""
    known = AXIOM_PROPERTIES | BUILT_IN_ANNOTATIONS | declared(graph, OWL.AnnotationProperty)
    return sorted({str(predicate) for predicate in graph.predicates() if predicate not in known})


def types_are_known(graph: Graph) -> list[str]:
    """Every type is a kind of entity, a characteristic, owl:Ontology or a declared class."""
    known = ENTITY_KINDS | CHARACTERISTICS | {OWL.Ontology} | declared(graph, OWL.Class)
    return sorted({str(kind) for kind in graph.objects(None, RDF.type) if kind not in known})


def classes_are_declared(graph: Graph) -> list[str]:
    """Superclasses, disjoint classes, domains and object ranges are declared classes."""
    known = declared(graph, OWL.Class) | {OWL.Thing}
    objects = declared(graph, OWL.ObjectProperty)
    used = {o for p in (RDFS.subClassOf, OWL.disjointWith, RDFS.domain) for o in graph.objects(None, p)}
    used |= {o for s, o in graph.subject_objects(RDFS.range) if s in objects}
    for field in (SCHEMA.domainIncludes, SCHEMA.rangeIncludes):
        used |= set(graph.objects(None, field))
    return sorted(str(term) for term in used - known)


def datatypes_are_of_owl2(graph: Graph) -> list[str]:
    """Each datatype property of ours has one range, a datatype of OWL 2; so has every literal of the file."""
    found = []
    for term in sorted(declared(graph, OWL.DatatypeProperty)):
        ranges = list(graph.objects(term, RDFS.range))
        if len(ranges) != 1 or ranges[0] not in OWL2_DATATYPES:
            found.append(f"{term}: {ranges}")
    literals = {o.datatype for o in graph.objects() if isinstance(o, Literal) and o.datatype is not None}
    return found + sorted(str(datatype) for datatype in literals - OWL2_DATATYPES)


def superproperties_are_of_one_kind(graph: Graph) -> list[str]:
    """A subproperty and its superproperty of ours are properties of the same kind."""
    return [
        f"{sub} -> {sup}"
        for sub, sup in graph.subject_objects(RDFS.subPropertyOf)
        if str(sup).startswith(str(STKG)) and kinds(graph, URIRef(str(sub))) != kinds(graph, URIRef(str(sup)))
    ]


def characteristics_are_legal(graph: Graph) -> list[str]:
    """Only object properties are symmetric or the like, and none of these is transitive as well (simple roles)."""
    objects = declared(graph, OWL.ObjectProperty)
    marked = {s for kind in CHARACTERISTICS - {OWL.FunctionalProperty} for s in graph.subjects(RDF.type, kind)}
    both = set(graph.subjects(RDF.type, OWL.SymmetricProperty)) & set(graph.subjects(RDF.type, OWL.AsymmetricProperty))
    transitive = set(graph.subjects(RDF.type, OWL.TransitiveProperty))
    return sorted(str(term) for term in (marked - objects) | both | transitive)


def foreign_properties_are_left_alone(graph: Graph) -> list[str]:
    """Terms of other vocabularies are never declared as object or datatype property here."""
    ours = declared(graph, OWL.ObjectProperty) | declared(graph, OWL.DatatypeProperty)
    return sorted(str(term) for term in ours if not str(term).startswith(str(STKG)))


def no_blank_nodes(graph: Graph) -> list[str]:
    """Nothing is nameless, so that two versions of the file can be compared triple by triple."""
    return [str(node) for node in graph.all_nodes() if isinstance(node, BNode)]


def no_circles(graph: Graph) -> list[str]:
    """No class or property is above itself."""
    links = {(s, o) for p in (RDFS.subClassOf, RDFS.subPropertyOf) for s, o in graph.subject_objects(p)}
    closure = set(links)
    while True:
        more = {(a, d) for a, b in closure for c, d in links if b == c} - closure
        if not more:
            return sorted(str(a) for a, b in closure if a == b)
        closure |= more


RULES: Final[dict[Rule, str]] = {
    no_punning: "stkg:Method a owl:ObjectProperty .",
    predicates_are_declared: "stkg:Method stkg:unheardOf stkg:Paper .",
    types_are_known: "stkg:thing a stkg:Unheard .",
    classes_are_declared: "stkg:Method schema:domainIncludes stkg:Unheard .",
    datatypes_are_of_owl2: 'stkg:Method rdfs:comment "2020-01-01"^^xsd:date .',
    superproperties_are_of_one_kind: "stkg:year rdfs:subPropertyOf stkg:author .",
    characteristics_are_legal: "stkg:year a owl:SymmetricProperty .",
    foreign_properties_are_left_alone: "dcterms:title a owl:DatatypeProperty .",
    no_blank_nodes: "[] a owl:Class .",
    no_circles: "stkg:Record rdfs:subClassOf stkg:Method .",
}
HEAD: Final = """@prefix stkg: <https://w3id.org/stkg/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
"""


@pytest.mark.parametrize("graph", [MAIN, BOTH], ids=["stkg", "stkg+alignments"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_rule_is_kept(rule: Rule, graph: Graph) -> None:
    assert rule(graph) == []


@pytest.mark.parametrize(("rule", "extra"), RULES.items(), ids=lambda value: str(getattr(value, "__name__", "broken")))
def test_rule_can_fail(rule: Rule, extra: str) -> None:
    assert rule(MAIN + Graph().parse(data=HEAD + extra, format="turtle")) != []


def test_dates_have_no_owl2_datatype_so_their_range_is_any_literal() -> None:
    for name in ("firstCommitOn", "lastCommitOn", "retrievedOn"):
        assert list(MAIN.objects(STKG[name], RDFS.range)) == [RDFS.Literal]


def test_domains_and_ranges_infer_nothing_new() -> None:
    """On a sound graph, every stated domain and range only repeats a type that the data give already."""
    good = Graph().parse(Path(__file__).parent / "minimal.ttl")
    objects = declared(MAIN, OWL.ObjectProperty)
    missing = []
    for subject, predicate, value in good:
        missing += [
            (subject, cls) for cls in MAIN.objects(predicate, RDFS.domain) if (subject, RDF.type, cls) not in good
        ]
        if predicate in objects:
            missing += [
                (value, cls) for cls in MAIN.objects(predicate, RDFS.range) if (value, RDF.type, cls) not in good
            ]
    wrong = [(node, cls) for node, cls in missing if cls != STKG.Record]
    assert wrong == []


def test_the_sound_graph_uses_every_term_that_data_can_use() -> None:
    good = Graph().parse(Path(__file__).parent / "minimal.ttl")
    used = {*good.predicates(), *good.objects(None, RDF.type)}
    terms = {t for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty) for t in declared(MAIN, kind)}
    ours = {t for t in terms if t.startswith(str(STKG)) and (t, STKG.reserved, None) not in MAIN}
    assert sorted(ours - used) == []


def test_each_term_is_declared_in_one_file() -> None:
    def ours(graph: Graph) -> set[URIRef]:
        return {t for kind in ENTITY_KINDS for t in declared(graph, kind) if t.startswith(str(STKG))}

    assert ours(ALIGNMENTS) == set()
    text = (ONTOLOGY / "stkg.ttl").read_text(encoding="utf-8")
    for term in ours(MAIN):
        name = term.removeprefix(str(STKG))
        assert text.count(f"\nstkg:{name} a ") == 1, name


LINEAGE: Final = {STKG[name] for name in ("extends", "reusesCodeOf", "reimplements", "supersedes")}


def test_lineage_family() -> None:
    """The four kinds of descent stand below derivedFrom; a comparison does not, and is symmetric."""
    assert set(MAIN.subjects(RDFS.subPropertyOf, STKG.derivedFrom)) == LINEAGE
    assert (STKG.comparedWith, RDFS.subPropertyOf, None) not in MAIN
    assert (STKG.comparedWith, RDF.type, OWL.SymmetricProperty) in MAIN
    assert (STKG.derivedFrom, RDF.type, OWL.SymmetricProperty) not in MAIN


def test_an_introduction_is_a_description() -> None:
    assert (STKG.introducedIn, RDFS.subPropertyOf, STKG.describedIn) in MAIN


def test_year_is_an_integer() -> None:
    assert list(MAIN.objects(STKG.year, RDFS.range)) == [XSD.integer]
