"""Catalog to quads: no blank nodes, the same in every process, each statement in its record's graph with evidence."""

import difflib
import io
import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import Literal, NamedNode

from kg.catalog import load_catalog
from kg.catalog.checks import check_catalog
from kg.export.rdf import sorted_quads, write_turtle
from kg.iris import BASE, TERMS, graph_iri, record_iri
from kg.model import Catalog, Method, Paper
from kg.projection import Registry, catalog_quads, record_quads
from kg.projection.record import doi_url, permalink

# Terms may be of several types that have no common attributes; here each has a value.
Quads = list[Any]

PROJECT: Final = Path(__file__).parents[2]
GOLDEN: Final = Path(__file__).parent / "golden" / "graphst.nq"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
PREFIXES: Final = {"stkg": TERMS, "rdf": RDF, "rdfs": RDFS, "dct": "http://purl.org/dc/terms/"}
# Statements about a record that say something of the record itself, or follow from one that has a claim.
UNCLAIMED: Final = {
    *(TERMS + name for name in ("scope", "recordStatus", "evidenceLevel", "commit", "hasRequirement", "derivedFrom")),
    *(TERMS + name for name in ("paperKind", "author", "hasAuthorship", "authorListComplete", "hasVersion")),
    *(RDF + "type", "https://schema.org/sameAs", "http://purl.org/dc/terms/isReplacedBy"),
}


@pytest.fixture(scope="module")
def quads(toy_catalog: Catalog) -> Quads:
    """Every statement of the toy catalog."""
    return list(catalog_quads(toy_catalog))


@pytest.fixture(scope="module")
def real_quads(real_catalog: Catalog) -> Quads:
    """Every statement of the catalog itself."""
    return list(catalog_quads(real_catalog))


@pytest.fixture(params=["toy", "real"])
def any_quads(request: pytest.FixtureRequest) -> Quads:
    """The statements of either catalog."""
    found: Quads = request.getfixturevalue("quads" if request.param == "toy" else "real_quads")
    return found


def canonical(quads: Quads) -> bytes:
    """N-Quads in the order of their text."""
    return "".join(f"{line} .\n" for line in sorted(map(str, quads))).encode()


def values(quads: Quads, subject: str, predicate: str) -> set[str]:
    """Values of a property of a node."""
    return {q.object.value for q in quads if (q.subject.value, q.predicate.value) == (subject, predicate)}


def claims(quads: Quads) -> dict[str, dict[str, list[Any]]]:
    """Claims by IRI, with their properties."""
    found = {q.subject.value for q in quads if q.predicate.value == RDF + "type" and q.object.value == TERMS + "Claim"}
    by_claim: dict[str, dict[str, list[Any]]] = {iri: defaultdict(list) for iri in sorted(found)}
    for quad in quads:
        if quad.subject.value in by_claim:
            by_claim[quad.subject.value][quad.predicate.value].append(quad.object)
    return by_claim


def stated(claim: dict[str, list[Any]]) -> tuple[Any, Any, Any]:
    """The statement that a claim is about."""
    return claim[RDF + "subject"][0], claim[RDF + "predicate"][0], claim[RDF + "object"][0]


def test_there_are_no_blank_nodes(any_quads: Quads) -> None:
    assert any_quads
    for quad in any_quads:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        assert isinstance(quad.graph_name, NamedNode)


def test_each_statement_stands_in_one_graph(any_quads: Quads) -> None:
    assert len(any_quads) == len(set(any_quads))
    counts = Counter(quad.triple for quad in any_quads)
    shared = [triple for triple, count in counts.items() if count > 1]
    foreign = {
        q.object
        for q in any_quads
        if q.predicate.value.startswith("http://www.w3.org/2004/02/skos/core#") and q.predicate.value.endswith("Match")
    }
    assert [t for t in shared if t.predicate.value != RDFS + "label" or t.subject not in foreign] == []


def test_every_graph_describes_itself(quads: Quads) -> None:
    of_no_record = {graph_iri("dataset", "stkg"), BASE + "graph/links/matches"}
    for graph in (each for each in {quad.graph_name for quad in quads} if each.value not in of_no_record):
        own = [(q.predicate.value, q.object.value) for q in quads if q.subject == graph and q.graph_name == graph]
        assert (RDF + "type", TERMS + "RecordGraph") in own
        assert ("http://purl.org/dc/terms/subject", graph.value.replace("/graph/", "/")) in own
        assert ("http://purl.org/dc/terms/license", "https://creativecommons.org/publicdomain/zero/1.0/") in own


def test_statements_of_a_record_are_sorted(quads: Quads) -> None:
    for graph in {quad.graph_name for quad in quads if "/graph/method/" in quad.graph_name.value}:
        own = [(q.subject.value, q.predicate.value, str(q.object)) for q in quads if q.graph_name == graph]
        assert own == sorted(own)


def test_graph_names_its_file_and_sources(quads: Quads) -> None:
    graph = graph_iri("method", "graphst")
    assert values(quads, graph, TERMS + "recordFile") == {"data/methods/graphst.yaml"}
    assert values(quads, graph, "http://www.w3.org/ns/prov#wasDerivedFrom") == {
        record_iri("source", slug) for slug in ("jinmiaochenlab-graphst", "museumst", "sindilab", "stkg-curation")
    }


def test_every_claim_is_whole_and_has_evidence(any_quads: Quads) -> None:
    found = claims(any_quads)
    evidence = {q.subject for q in any_quads if q.object.value == TERMS + "Evidence"}
    assert found
    for iri, claim in found.items():
        for name in ("subject", "predicate", "object"):
            assert len(claim[RDF + name]) == 1, iri
        assert [each.value for each in claim[TERMS + "strength"]] in (["strong"], ["weak"])
        assert claim[TERMS + "evidence"], stated(claim)
        assert set(claim[TERMS + "evidence"]) <= evidence


def test_evidence_says_where(any_quads: Quads) -> None:
    by_node: dict[str, set[str]] = defaultdict(set)
    for quad in any_quads:
        by_node[quad.subject.value].add(quad.predicate.value)
    for iri in {q.subject.value for q in any_quads if q.object.value == TERMS + "Evidence"}:
        assert RDFS + "label" in by_node[iri]
        assert {TERMS + "inSource", "https://schema.org/url"} & by_node[iri], iri


def test_accepted_claims_are_stated_and_rejected_ones_are_not(any_quads: Quads) -> None:
    triples = {(q.subject, q.predicate, q.object) for q in any_quads}
    statuses = set()
    for claim in claims(any_quads).values():
        (status,) = (each.value for each in claim[TERMS + "claimStatus"])
        statuses.add(status)
        assert (stated(claim) in triples) == (status == "accepted"), stated(claim)
        assert status == "accepted" or claim[TERMS + "note"]
    assert statuses == {"accepted", "rejected"}


def test_every_fact_of_a_method_or_paper_has_a_claim(any_quads: Quads) -> None:
    described = {stated(claim) for claim in claims(any_quads).values()}
    records = {q.subject for q in any_quads if q.object.value in {TERMS + "Method", TERMS + "Paper"}}
    missing = [
        quad.triple
        for quad in any_quads
        if quad.subject in records
        and quad.predicate.value not in UNCLAIMED
        and (quad.subject, quad.predicate, quad.object) not in described
        and not (quad.predicate.value == RDFS + "label" and "/paper/" in quad.subject.value)
    ]
    assert missing == []


def test_rejected_year_of_the_toy_paper(quads: Quads) -> None:
    paper = NamedNode(record_iri("paper", "graphst-2023"))
    rejected = [c for c in claims(quads).values() if c[TERMS + "claimStatus"][0].value == "rejected"]
    assert [(stated(c), c[TERMS + "note"][0].value) for c in rejected] == [
        ((paper, NamedNode(TERMS + "year"), Literal("2022")), "year of the preprint")
    ]
    assert values(quads, paper.value, TERMS + "year") == {"2023"}


def test_lineage_is_stated_and_implied_but_comparison_is_no_lineage(quads: Quads) -> None:
    graphst = record_iri("method", "graphst")
    assert values(quads, record_iri("method", "spatialfusion"), TERMS + "reusesCodeOf") == {graphst}
    assert values(quads, record_iri("method", "spatialfusion"), TERMS + "derivedFrom") == {graphst}
    assert values(quads, record_iri("method", "stagate"), TERMS + "comparedWith") == {graphst}
    assert values(quads, record_iri("method", "stagate"), TERMS + "derivedFrom") == set()


def test_declared_framework_is_not_used(quads: Quads) -> None:
    method = record_iri("method", "graphst")
    assert values(quads, method, TERMS + "usesFramework") == {record_iri("framework", "pytorch")}
    assert values(quads, method, TERMS + "declaresFramework") == {record_iri("framework", "tensorflow")}


def test_authors_stand_in_order_under_their_own_ids(quads: Quads) -> None:
    part = record_iri("paper", "staligner-2023") + "/authorship/2"
    assert values(quads, part, TERMS + "ofAuthor") == {record_iri("author", "kangning-dong")}
    assert values(quads, part, TERMS + "nameAsPrinted") == {"K. Dong"}
    assert values(quads, part, TERMS + "position") == {"2"}
    assert values(quads, record_iri("author", "kangning-dong"), RDFS + "label") == {"Kangning Dong"}


@pytest.mark.parametrize(
    "path, page",
    [
        (None, "tree/1a2b3c4"),
        ("README.md", "blob/1a2b3c4/README.md"),
        ("README.md:3", "blob/1a2b3c4/README.md#L3"),
        ("README.md:75-80", "blob/1a2b3c4/README.md#L75-L80"),
        ("a b/c.R:1", "blob/1a2b3c4/a%20b/c.R#L1"),
        ("docs/Repro(Updating)/x.py:6", "blob/1a2b3c4/docs/Repro%28Updating%29/x.py#L6"),
        ("src/x.py (file named after the method)", "blob/1a2b3c4/src/x.py"),
        ('README.md:41 cites "A method"', "blob/1a2b3c4/README.md#L41"),
        ("LICENSE", "blob/1a2b3c4/LICENSE"),
        ("DESCRIPTION:12", "blob/1a2b3c4/DESCRIPTION#L12"),
        ("row 12", "tree/1a2b3c4"),
    ],
)
def test_permalinks(path: str | None, page: str) -> None:
    assert permalink("almaan/sepal", "1a2b3c4", path) == f"https://github.com/almaan/sepal/{page}"


def test_permalink_without_commit() -> None:
    assert permalink("a/b", None, None) == "https://github.com/a/b"
    assert permalink("a/b", None, "c.py:1") == "https://github.com/a/b/blob/HEAD/c.py#L1"


def test_evidence_of_the_toy_method_has_its_pages(quads: Quads) -> None:
    graph = NamedNode(graph_iri("method", "graphst"))
    own = [quad for quad in quads if quad.graph_name == graph]
    labels = {q.object.value: q.subject.value for q in own if q.predicate.value == RDFS + "label"}
    repository = "https://github.com/JinmiaoChenLab/GraphST"
    for reference, page in {
        "JinmiaoChenLab/GraphST": f"{repository}/tree/d62b0b7b6cd3",
        "JinmiaoChenLab/GraphST:GraphST/GraphST.py:1": f"{repository}/blob/d62b0b7b6cd3/GraphST/GraphST.py#L1",
        "JinmiaoChenLab/GraphST:LICENSE.md": f"{repository}/blob/d62b0b7b6cd3/LICENSE.md",
        "museumst:row 449": "https://github.com/pachterlab/museumst",
    }.items():
        assert values(own, labels[reference], "https://schema.org/url") == {page}
    assert values(own, labels["museumst:row 449"], TERMS + "locator") == {"row 449"}
    assert values(own, labels["museumst:row 449"], TERMS + "inSource") == {record_iri("source", "museumst")}


@pytest.mark.parametrize("doi", ["10.1002/(sici)1097<1>3.0.co", '10.1000/a"b', "10.1000/a%b", "10.1000/é^|`{}\\"])
def test_any_doi_has_a_page(doi: str) -> None:
    assert NamedNode(doi_url(doi)).value.startswith("https://doi.org/10.1")


def test_quads_are_the_same_in_every_process(toy_root: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom kg.catalog import load_catalog\n"
        "from kg.projection import catalog_quads\n"
        "for quad in catalog_quads(load_catalog(Path(sys.argv[1]))):\n    print(quad, '.')\n"
    )
    outputs = []
    for seed in "012":
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", code, str(toy_root)]
        outputs.append(subprocess.run(command, capture_output=True, check=True, env=environment).stdout)
    assert outputs[0].count(b"\n") > 500
    # The order of a record's statements is fixed too, but for the head of its graph nothing promises it.
    assert len({b"".join(sorted(output.splitlines(keepends=True))) for output in outputs}) == 1
    assert outputs[0] == outputs[1] == outputs[2]


def test_method_is_golden(quads: Quads) -> None:
    graph = NamedNode(graph_iri("method", "graphst"))
    found = canonical([quad for quad in quads if quad.graph_name == graph])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_bytes(found)
    assert found.decode().splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()


def turtle(quads: Quads) -> list[str]:
    """Lines of the Turtle file."""
    out = io.BytesIO()
    write_turtle(quads, PREFIXES, out)
    return out.getvalue().decode().splitlines()


def blocks(lines: list[str]) -> dict[str, list[str]]:
    """Lines of Turtle by the subject of their block; those of the head under ""."""
    found: dict[str, list[str]] = {}
    subject = ""
    for line in lines:
        if line and not line.startswith(("\t", "@prefix", "#")):
            subject = line.split(" ")[0].strip("<>")
        found.setdefault(subject, []).append(line)
    return found


@pytest.mark.parametrize(
    "kind, key, old, new",
    [
        ("method", "graphst", "synonyms: [STGraph]", "synonyms: [STGraph, ST-Graph]"),
        ("method", "graphst", "summary: Learns", "summary: Finds"),
        ("method", "rctd", "museumst:row 62", "museumst:row 63"),
        ("method", "spatialfusion", "relation: reuses-code-of", "relation: extends"),
        ("paper", "graphst-2023", "    - Kok Siong Ang\n", ""),
        ("paper", "staligner-2023", "year: 2023", "year: 2024"),
        ("task", "cell-type-inference", "Finding which", "Telling which"),
    ],
)
def test_edited_record_changes_only_its_own_lines(
    toy_root: Path, quads: Quads, tmp_path: Path, kind: str, key: str, old: str, new: str
) -> None:
    root = tmp_path / "data"
    shutil.copytree(toy_root, root)
    path = root / {"method": f"methods/{key}.yaml", "paper": f"papers/{key}.yaml", "task": "tasks.yaml"}[kind]
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    edited = list(catalog_quads(load_catalog(root)))
    graph = NamedNode(graph_iri(kind, key))
    assert {q.graph_name for q in set(quads) ^ set(edited)} == {graph}
    own = {quad.subject.value for quad in (*quads, *edited) if quad.graph_name == graph}
    before, after = blocks(turtle(quads)), blocks(turtle(edited))
    changed = {subject for subject in {*before, *after} if before.get(subject) != after.get(subject)}
    assert changed
    assert changed <= own
    # What is left is the same text in the same order, so a diff shows lines of those blocks only.
    left = [[block for subject, block in each.items() if subject not in changed] for each in (before, after)]
    assert left[0] == left[1]
    old_lines, new_lines = (list(chain.from_iterable(each.values())) for each in (before, after))
    diff = [line[2:] for line in difflib.ndiff(old_lines, new_lines) if line[0] in "+-"]
    allowed = {line for each in (before, after) for subject in changed for line in each.get(subject, [])}
    assert set(diff) <= allowed


def test_record_depends_on_no_other_record(toy_catalog: Catalog) -> None:
    registry = Registry(toy_catalog)
    alone = Catalog(sources=toy_catalog.sources, repositories=toy_catalog.repositories, places=toy_catalog.places)
    method = toy_catalog.methods["graphst"]
    assert list(record_quads(Registry(alone), "method", "graphst", method)) == list(
        record_quads(registry, "method", "graphst", method)
    )


@pytest.mark.parametrize("model, kind", [(Method, "method"), (Paper, "paper")])
def test_every_conflict_that_passes_the_checks_can_be_stated(
    toy_root: Path, tmp_path: Path, model: type[Method | Paper], kind: str
) -> None:
    """A conflict may be about any field that the checks let pass; the build must not stumble over one."""
    key = {"method": "rctd", "paper": "rctd-2022"}[kind]
    passed = []
    for field in model.model_fields:
        root = tmp_path / field
        shutil.copytree(toy_root, root)
        path = root / f"{kind}s" / f"{key}.yaml"
        head, _, tail = path.read_text(encoding="utf-8").rpartition("\nsources:")
        conflict = f"conflicts:\n  - field: {field}\n    value: other\n    why: w\n    sources: [museumst]"
        path.write_text(f"{head}\n{conflict}\nsources:{tail}", encoding="utf-8")
        catalog = load_catalog(root)
        if not check_catalog(catalog, root):
            statements: Quads = list(record_quads(Registry(catalog), kind, key, catalog.of_kind(kind)[key]))
            assert any(q.object.value == "rejected" for q in statements)
            passed.append(field)
    assert len(passed) >= 9


def test_repositories_without_a_source_record_are_sources(quads: Quads) -> None:
    source = record_iri("source", "jinmiaochenlab-graphst")
    assert values(quads, source, TERMS + "commit") == {"d62b0b7b6cd3"}
    assert values(quads, source, TERMS + "repository") == {"https://github.com/JinmiaoChenLab/GraphST"}
    assert values(quads, source, TERMS + "sourceKind") == {"repository"}


def test_links_of_the_toy_graph_lead_to_described_nodes(quads: Quads) -> None:
    described = {quad.subject.value for quad in quads if quad.predicate.value == RDF + "type"}
    links = {q.object.value for q in quads if isinstance(q.object, NamedNode) and q.object.value.startswith(BASE)}
    left = {iri for iri in links - described if not iri.startswith(TERMS)}
    assert left == {record_iri("listing", "sindilab")}


def test_sorting_is_by_graph(quads: Quads) -> None:
    graphs = [quad.graph_name.value for quad in sorted_quads(quads)]
    assert graphs == sorted(graphs)
