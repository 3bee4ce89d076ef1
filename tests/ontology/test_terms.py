"""Metadata of every term: FOOPS! VOC rules, OBO principles and the rules of ROBOT report, each able to fail."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyoxigraph
import pytest
import yaml
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ONTOLOGY: Final = Path(__file__).parents[2] / "ontology"
HEADER: Final = URIRef("https://w3id.org/stkg/ontology")
STKG: Final = Namespace("https://w3id.org/stkg/ontology#")
SW: Final = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
PREFIXES: Final[dict[str, str]] = yaml.safe_load((ONTOLOGY / "prefixes.yaml").read_text(encoding="utf-8"))
REAL: Final = Graph().parse(ONTOLOGY / "stkg.ttl")
PROPERTY_KINDS: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
KINDS: Final = (OWL.Class, *PROPERTY_KINDS)

Rule = Callable[[Graph], list[str]]
METHOD: Final = "stkg:Method"
INVALID_OBO: Final = r"https://purl\.obolibrary\.org/|http://purl\.org/obo/|https?://www\.obofoundry\.org/"


def terms(graph: Graph, *kinds: URIRef) -> list[URIRef]:
    """Terms of our namespace, of some kinds."""
    found = {node for kind in kinds or KINDS for node in graph.subjects(RDF.type, kind)}
    return sorted(URIRef(str(node)) for node in found if str(node).startswith(str(STKG)))


def one_english(graph: Graph, field: URIRef) -> list[str]:
    """Terms without exactly one English, trimmed, one-line value of a field."""
    found = []
    for term in terms(graph):
        values = list(graph.objects(term, field))
        good = len(values) == 1 and isinstance(values[0], Literal) and values[0].language == "en"
        if not good or not re.fullmatch(r"\S(.*\S)?", str(values[0])):
            found.append(f"{term}: {field} {values}")
    return found


def repeated(graph: Graph, field: URIRef) -> list[str]:
    """Values of a field that two terms share, letter case aside."""
    counts = Counter(str(value).casefold() for term in terms(graph) for value in graph.objects(term, field))
    return [value for value, count in counts.items() if count > 1]


def label_rule(graph: Graph) -> list[str]:
    """FOOPS! VOC3; ROBOT missing_label, multiple_labels, duplicate_label, label_whitespace, label_formatting."""
    return one_english(graph, RDFS.label) + repeated(graph, RDFS.label)


def definition_rule(graph: Graph) -> list[str]:
    """FOOPS! VOC4; OBO 6; ROBOT missing, multiple, duplicate and lowercase definition."""
    found = one_english(graph, SKOS.definition) + repeated(graph, SKOS.definition)
    for term in terms(graph):
        text = str(graph.value(term, SKOS.definition))
        if not re.match(r"[A-Z0-9]", text) or not text.endswith(".") or len(text.split()) < 6:
            found.append(f"{term}: a definition is a sentence of at least six words: {text}")
    return found


def comment_rule(graph: Graph) -> list[str]:
    """Each term says how to use it, and not by repeating its definition."""
    found = one_english(graph, RDFS.comment)
    return found + [
        str(term) for term in terms(graph) if graph.value(term, RDFS.comment) == graph.value(term, SKOS.definition)
    ]


def home_rule(graph: Graph) -> list[str]:
    """Each term names the ontology that defines it, once."""
    return [str(term) for term in terms(graph) if list(graph.objects(term, RDFS.isDefinedBy)) != [HEADER]]


def status_rule(graph: Graph) -> list[str]:
    """Each term has one status that the status vocabulary knows."""
    known = ({"stable"}, {"testing"}, {"archaic"})
    return [str(t) for t in terms(graph) if {str(v) for v in graph.objects(t, SW.term_status)} not in known]


def as_version(text: Node | None) -> tuple[int, ...]:
    """``0.1.0`` as numbers; a thing that is no version sorts last."""
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", str(text))
    return tuple(int(part) for part in match.groups()) if match else (10**9,)


def since_rule(graph: Graph) -> list[str]:
    """Each term says in which version it came, and that is not a later one."""
    now = as_version(graph.value(HEADER, OWL.versionInfo))
    return [str(t) for t in terms(graph) if as_version(graph.value(t, STKG.sinceVersion)) > now]


def example_iris(text: str) -> set[str]:
    """IRIs of an example snippet, read strictly and with the prefixes of the project."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    quads = pyoxigraph.parse(head + text, format=pyoxigraph.RdfFormat.TURTLE)
    return {term.value for quad in quads for term in quad.triple if isinstance(term, pyoxigraph.NamedNode)}


def example_rule(graph: Graph) -> list[str]:
    """Each example parses, uses the term that it stands at, and knows no term of ours that is not declared."""
    declared, found = {str(term) for term in terms(graph)}, []
    for term in terms(graph):
        examples = list(graph.objects(term, SKOS.example))
        if not examples:
            found.append(f"{term}: no example")
        for text in examples:
            try:
                ours = {iri for iri in example_iris(str(text)) if iri.startswith(str(STKG))}
            except SyntaxError as error:
                found.append(f"{term}: {error}")
                continue
            if str(term) not in ours or not ours <= declared:
                found.append(f"{term}: example uses {sorted(ours)}")
    return found


def name_rule(graph: Graph) -> list[str]:
    """OBO 12: classes in UpperCamelCase, properties in lowerCamelCase, letters and digits only."""
    wrong = [str(t) for t in terms(graph, OWL.Class) if not re.fullmatch(r"([A-Z][a-z0-9]+)+", t.removeprefix(STKG))]
    return wrong + [
        str(term)
        for term in terms(graph, *PROPERTY_KINDS)
        if not re.fullmatch(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", term.removeprefix(STKG))
    ]


def superclass_rule(graph: Graph) -> list[str]:
    """ROBOT missing_superclass and multiple_asserted_superclasses."""
    return [str(t) for t in terms(graph, OWL.Class) if len(list(graph.objects(t, RDFS.subClassOf))) != 1]


def whitespace_rule(graph: Graph) -> list[str]:
    """ROBOT annotation_whitespace, for every literal of the file but the examples' inner line ends."""
    return [f"{s}: {o!r}" for s, _, o in graph if isinstance(o, Literal) and (str(o) != str(o).strip() or not str(o))]


def deprecation_rule(graph: Graph) -> list[str]:
    """Terms are never dropped: a deprecated one names its heir, says so in its label, and nothing builds on it.

    ROBOT deprecated_boolean_datatype, misused_replaced_by, missing_obsolete_label, misused_obsolete_label,
    deprecated_class_reference and deprecated_property_reference.
    """
    found = []
    for term in terms(graph):
        mark, heir = graph.value(term, OWL.deprecated), graph.value(term, DCTERMS.isReplacedBy)
        label = str(graph.value(term, RDFS.label))
        if mark is not None and mark != Literal("true", datatype=XSD.boolean):
            found.append(f"{term}: owl:deprecated is not the boolean true")
        if (mark is None) != (heir is None) or (mark is None) == label.startswith("obsolete"):
            found.append(f"{term}: deprecation, heir and label disagree")
        builds_on = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
        users = [subject for field in builds_on for subject in graph.subjects(field, term)]
        if mark is not None and users:
            found.append(f"{term}: still used by {users}")
    return found


def vocabulary_rule(graph: Graph) -> list[str]:
    """ROBOT illegal_use_of_built_in_vocabulary, invalid_entity_uri, equivalent_pair, multiple_equivalent_classes."""
    builtin = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", str(RDFS), str(XSD))
    found = [str(s) for s in graph.subjects() if str(s).startswith(builtin)]
    found += [str(s) for s in graph.subjects() if re.match(INVALID_OBO, str(s))]
    return found + [str(s) for s in graph.subjects(OWL.equivalentClass)]


def reserved_rule(graph: Graph) -> list[str]:
    """The mark of reserved terms is the boolean true or absent."""
    return [str(s) for s, o in graph.subject_objects(STKG.reserved) if o != Literal("true", datatype=XSD.boolean)]


# Rule -> updates that each break it.
RULES: Final[dict[Rule, list[str]]] = {
    label_rule: [
        f"DELETE WHERE {{ {METHOD} rdfs:label ?l }}",
        f"INSERT DATA {{ {METHOD} rdfs:label 'second label'@en }}",
        "DELETE WHERE { stkg:Paper rdfs:label ?l } ; INSERT DATA { stkg:Paper rdfs:label 'Computational Method'@en }",
        f"DELETE WHERE {{ {METHOD} rdfs:label ?l }} ; INSERT DATA {{ {METHOD} rdfs:label 'method '@en }}",
        f"DELETE WHERE {{ {METHOD} rdfs:label ?l }} ; INSERT DATA {{ {METHOD} rdfs:label 'a\\nmethod'@en }}",
        f"DELETE WHERE {{ {METHOD} rdfs:label ?l }} ; INSERT DATA {{ {METHOD} rdfs:label 'méthode'@fr }}",
    ],
    definition_rule: [
        f"DELETE WHERE {{ {METHOD} skos:definition ?l }}",
        f"INSERT DATA {{ {METHOD} skos:definition 'A second definition of the same thing.'@en }}",
        f"DELETE WHERE {{ {METHOD} skos:definition ?l }} ; INSERT DATA {{ {METHOD} skos:definition 'A method.'@en }}",
        "DELETE { ?a skos:definition ?x } INSERT { ?a skos:definition ?y } WHERE "
        "{ VALUES (?a ?b) { (stkg:Paper stkg:Method) } ?a skos:definition ?x . ?b skos:definition ?y }",
    ],
    comment_rule: [
        f"DELETE WHERE {{ {METHOD} rdfs:comment ?c }}",
        f"DELETE {{ {METHOD} rdfs:comment ?c }} INSERT {{ {METHOD} rdfs:comment ?d }} "
        f"WHERE {{ {METHOD} rdfs:comment ?c ; skos:definition ?d }}",
    ],
    home_rule: [f"DELETE WHERE {{ {METHOD} rdfs:isDefinedBy ?o }}"],
    status_rule: [
        f"INSERT DATA {{ {METHOD} sw:term_status 'testing' }}",
        f"DELETE WHERE {{ {METHOD} sw:term_status ?s }}",
    ],
    since_rule: [
        f"DELETE WHERE {{ {METHOD} stkg:sinceVersion ?v }}",
        f"DELETE WHERE {{ {METHOD} stkg:sinceVersion ?v }} ; INSERT DATA {{ {METHOD} stkg:sinceVersion '9.0.0' }}",
    ],
    example_rule: [
        f"DELETE WHERE {{ {METHOD} skos:example ?e }}",
        f"INSERT DATA {{ {METHOD} skos:example 'stkg.method:x a stkg:Method' }}",
        f"INSERT DATA {{ {METHOD} skos:example 'unknown:x a stkg:Method .' }}",
        f"INSERT DATA {{ {METHOD} skos:example 'stkg.method:x rdfs:label \"X\" .' }}",
        f"INSERT DATA {{ {METHOD} skos:example 'stkg.method:x a stkg:Method ; stkg:introducedBy stkg.paper:x .' }}",
    ],
    name_rule: ["INSERT DATA { stkg:bad_class a owl:Class }", "INSERT DATA { stkg:HasPart a owl:ObjectProperty }"],
    superclass_rule: [
        f"DELETE WHERE {{ {METHOD} rdfs:subClassOf ?c }}",
        f"INSERT DATA {{ {METHOD} rdfs:subClassOf stkg:RecordPart }}",
    ],
    whitespace_rule: [f"INSERT DATA {{ {METHOD} skos:example ' stkg:Method ' }}"],
    deprecation_rule: [
        f"INSERT DATA {{ {METHOD} owl:deprecated true }}",
        f"INSERT DATA {{ {METHOD} owl:deprecated 'yes' ; dcterms:isReplacedBy stkg:Paper }}",
        f"INSERT DATA {{ {METHOD} dcterms:isReplacedBy stkg:Paper }}",
        "DELETE WHERE { stkg:Record rdfs:label ?l } ; "
        "INSERT DATA { stkg:Record owl:deprecated true ; dcterms:isReplacedBy stkg:Paper ; rdfs:label 'obsolete'@en }",
    ],
    vocabulary_rule: [
        "INSERT DATA { rdf:type a owl:AnnotationProperty }",
        f"INSERT DATA {{ {METHOD} owl:equivalentClass stkg:Paper }}",
        "INSERT DATA { <http://purl.org/obo/owl/X_1> a owl:Class }",
    ],
    reserved_rule: [f"INSERT DATA {{ {METHOD} stkg:reserved 'true' }}"],
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_terms_keep_the_rule(rule: Rule) -> None:
    assert rule(REAL) == []


@pytest.mark.parametrize(
    ("rule", "update"),
    [(rule, update) for rule, updates in RULES.items() for update in updates],
    ids=lambda value: str(getattr(value, "__name__", "broken")),
)
def test_the_rule_can_fail(rule: Rule, update: str) -> None:
    graph = Graph()
    graph += REAL
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    graph.update(head + update)
    assert set(graph) != set(REAL), "the update changes nothing"
    assert rule(graph) != []


def test_a_proper_deprecation_is_accepted() -> None:
    graph = Graph()
    graph += REAL
    graph.parse(
        format="turtle",
        data="""@prefix stkg: <https://w3id.org/stkg/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
        stkg:oldName a owl:ObjectProperty ; rdfs:label "obsolete old name"@en ;
            owl:deprecated true ; dcterms:isReplacedBy stkg:extends .""",
    )
    assert deprecation_rule(graph) == []


def test_there_are_terms_of_each_kind() -> None:
    assert [len(terms(REAL, kind)) > 0 for kind in KINDS] == [True] * len(KINDS)
