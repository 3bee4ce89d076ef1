"""What the shapes promise, in words of its own: breaches that must be found and variants that must be left alone."""

from pathlib import Path
from typing import Final

import pyshacl
import pytest
from rdflib import RDF, Graph, Namespace

ROOT: Final = Path(__file__).parents[2]
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SHAPES: Final = Graph().parse(ROOT / "ontology" / "shapes.ttl")
GOOD: Final = Graph().parse(Path(__file__).parent / "minimal.ttl")
PREFIXES: Final = """
BASE <https://w3id.org/stkg/>
PREFIX stkg: <https://w3id.org/stkg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def swap(node: str, path: str, value: str) -> str:
    """Update that puts one value in the place of all values."""
    return f"DELETE WHERE {{ {node} {path} ?v }} ; INSERT DATA {{ {node} {path} {value} }}"


def changed(update: str) -> Graph:
    """The sound graph after an update."""
    graph = Graph()
    graph += GOOD
    graph.update(PREFIXES + update)
    assert set(graph) != set(GOOD), "the update changes nothing"
    return graph


CONTRACT: Final = {
    "two names": "INSERT DATA { <method/alpha> rdfs:label 'Alpha Two' }",
    "name ends in a blank": swap("<author/ada-a>", "rdfs:label", "'Ada A. '"),
    "synonym repeats the name": "INSERT DATA { <method/alpha> skos:altLabel 'Alpha' }",
    "DOI in upper case": swap("<paper/alpha-2020>", "stkg:doi", "'10.1234/ALPHA'"),
    "DOI with resolver": swap("<paper/alpha-2020>", "stkg:doi", "'https://doi.org/10.1234/a'"),
    "year as text": swap("<paper/alpha-2020>", "stkg:year", "'2020'"),
    "year before the field": swap("<paper/alpha-2020>", "stkg:year", "1989"),
    "two years": "INSERT DATA { <paper/alpha-2020> stkg:year 2021 }",
    "arXiv with version": swap("<paper/alpha-2020>", "stkg:arxivId", "'2001.00001v2'"),
    "ORCID cut short": swap("<author/ada-a>", "stkg:orcid", "'0000-0002-1825'"),
    "author without authorship": "DELETE WHERE { <paper/alpha-2020> stkg:hasAuthorship ?a }",
    "position 0": swap("<paper/alpha-2020/authorship/1>", "stkg:position", "0"),
    "extends but is not derived": "DELETE DATA { <method/alpha> stkg:derivedFrom <method/beta> }",
    "derived but not said how": "DELETE DATA { <method/alpha> stkg:extends <method/beta> }",
    "introduced but not described": "DELETE DATA { <method/alpha> stkg:describedIn <paper/alpha-2020> }",
    "imported and declared": "INSERT DATA { <method/alpha> stkg:declaresFramework <framework/torch> }",
    "unknown task": "INSERT DATA { <method/alpha> stkg:addressesTask <task/unheard-of> }",
    "unknown scope": swap("<method/alpha>", "stkg:scope", "'bulk'"),
    "repository as text": swap("<method/alpha>", "stkg:repository", "'https://example.org'"),
    "commits the wrong way round": swap("<method/alpha>", "stkg:firstCommitOn", "'2021-01-01'^^xsd:date"),
    "claim without evidence": "DELETE WHERE { <claim/0a1b> stkg:evidence ?e }",
    "task without definition": "DELETE WHERE { <task/domains> skos:definition ?d }",
    "correction corrects nothing": swap("<listing/list/correction/1-1>", "stkg:correctedValue", "'Alfa'"),
    "graph under another licence": swap(
        "<graph/method/alpha>", "dcterms:license", "<https://example.org/all-rights-reserved>"
    ),
    "FaBiO type and kind disagree": swap("<paper/preprint-2022>", "stkg:paperKind", "'article'"),
}

STILL_SOUND: Final = {
    "second task": "INSERT DATA { <method/alpha> stkg:addressesTask <task/representation> }",
    "second framework": "DELETE WHERE { <method/alpha> stkg:declaresFramework ?f } ; "
    "INSERT DATA { <method/alpha> stkg:usesFramework <framework/jax> }",
    "paper without year and venue": "DELETE WHERE { <paper/alpha-2020> stkg:year ?y ; stkg:publishedIn ?v }",
    "method without paper": "DELETE WHERE { <method/alpha> stkg:introducedIn ?p } ; "
    "DELETE WHERE { <method/alpha> stkg:describedIn ?p }",
    "method without code": "DELETE WHERE { <method/alpha> stkg:repository ?r ; stkg:commit ?c ; "
    "stkg:firstCommitOn ?f ; stkg:lastCommitOn ?l }",
    "old arXiv form": swap("<paper/alpha-2020>", "stkg:arxivId", "'q-bio/0601001'"),
    "arXiv with archive class": swap("<paper/alpha-2020>", "stkg:arxivId", "'math.GT/0309136'"),
    "DOI with brackets": swap("<paper/alpha-2020>", "stkg:doi", "'10.1002/(sici)1097-0258(1998)17:8'"),
    "ORCID with X": swap("<author/ada-a>", "stkg:orcid", "'0000-0001-5109-393X'"),
    "first and last commit on one day": swap("<method/alpha>", "stkg:firstCommitOn", "'2020-01-02'^^xsd:date"),
    "first and last year": swap("<paper/alpha-2020>", "stkg:year", "1990"),
}


@pytest.mark.parametrize("update", CONTRACT.values(), ids=CONTRACT.keys())
def test_contract_breach_is_found(update: str) -> None:
    conforms, report, _ = pyshacl.validate(changed(update), shacl_graph=SHAPES)
    assert not conforms
    assert isinstance(report, Graph)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = report.value(result, SH.sourceShape)
        messages = {str(text) for text in SHAPES.objects(shape, SH.message)}
        messages |= {
            str(text) for rule in SHAPES.objects(shape, SH.sparql) for text in SHAPES.objects(rule, SH.message)
        }
        assert {str(text) for text in report.objects(result, SH.resultMessage)} <= messages, "a message is not ours"


@pytest.mark.parametrize("update", STILL_SOUND.values(), ids=STILL_SOUND.keys())
def test_sound_variant_is_left_alone(update: str) -> None:
    conforms, _, text = pyshacl.validate(changed(update), shacl_graph=SHAPES)
    assert conforms, text
