"""Stored queries on the toy graph and on the catalog: right rows, the same from every engine and every way in."""

import json
import subprocess
import sys

import pytest

from kg import KnowledgeGraph
from kg.model import Catalog
from kg.queries.library import load_library
from kg.resources import resource_root

NAMES = sorted(load_library(resource_root("queries")))
HEADLINE = {"task": "deconvolution", "framework": "PyTorch", "since": 2022}


@pytest.fixture(scope="module")
def second_engine(real_graph: KnowledgeGraph) -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="rdflib")


def test_methods_on_the_toy(toy_graph: KnowledgeGraph) -> None:
    assert toy_graph.query("methods", **HEADLINE) == [
        {
            "method": "https://w3id.org/stkg/method/spatialfusion",
            "label": "SpatialFusion",
            "year": 2024,  # no paper: the first commit counts
            "tasks": ["Cell type deconvolution"],
            "frameworks": ["PyTorch"],
            "languages": ["Python"],
            "repository": "https://github.com/w2260584531/SpatialFusion-main",
            "paper": None,
        },
        {
            "method": "https://w3id.org/stkg/method/graphst",
            "label": "GraphST",
            "year": 2023,
            "tasks": ["Cell type deconvolution", "Spatial domain identification"],
            "frameworks": ["PyTorch"],  # TensorFlow is only declared
            "languages": ["Python"],
            "repository": "https://github.com/JinmiaoChenLab/GraphST",
            "paper": "https://w3id.org/stkg/paper/graphst-2023",
        },
    ]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ({"until": 2022}, {"RCTD", "STAGATE"}),
        ({"since": 2023, "until": 2023}, {"GraphST"}),
        ({"language": "R"}, {"RCTD"}),
        ({"dataset": "DLPFC"}, {"GraphST", "STAGATE"}),
        ({"technology": "visium"}, {"GraphST", "STAGATE"}),
        ({"licence": "AGPL-3.0"}, {"GraphST", "SpatialFusion"}),
        ({"framework": "TensorFlow"}, {"STAGATE"}),
        ({"framework": "TensorFlow", "task": "deconvolution"}, set()),
        ({}, {"GraphST", "RCTD", "STAGATE", "SpatialFusion"}),  # HematoFatePrediction is not of this field
    ],
)
def test_each_parameter_of_methods(toy_graph: KnowledgeGraph, values: dict[str, object], labels: set[str]) -> None:
    assert {row["label"] for row in toy_graph.query("methods", **values)} == labels


def test_coauthors_on_the_toy(toy_graph: KnowledgeGraph) -> None:
    pair = {
        "author_a": "https://w3id.org/stkg/author/kangning-dong",
        "author_b": "https://w3id.org/stkg/author/shihua-zhang",
        "papers": 2,
    }
    assert toy_graph.query("coauthors", min_papers=2) == [pair]
    assert pair in list(toy_graph.query("coauthors", author="K. Dong"))
    assert len(toy_graph.query("coauthors", author="Xiang Zhou")) == 2
    assert len(toy_graph.query("coauthors")) == 3 + 1 + 2


def test_lineage_on_the_toy(toy_graph: KnowledgeGraph) -> None:
    row = {
        "method": "https://w3id.org/stkg/method/graphst",
        "label": "GraphST",
        "relation": "reuses code of",
        "depth": 1,
        "evidence": ["w2260584531/SpatialFusion-main:SpatialFusion/SpatialFusion.py:217"],
    }
    assert toy_graph.query("lineage", method="SpatialFusion") == [row]
    down = row | {"method": "https://w3id.org/stkg/method/spatialfusion", "label": "SpatialFusion"}
    assert toy_graph.query("lineage", method="GraphST", direction="descendants") == [down]
    assert toy_graph.query("lineage", method="STAGATE") == []  # compared with GraphST, which is not lineage


def test_lists_on_the_toy(toy_graph: KnowledgeGraph) -> None:
    rows = toy_graph.query("listings", source="000")
    assert [(row["position"], row["status"]) for row in rows] == [("line 3", "corrected"), ("line 11", "out-of-scope")]
    assert toy_graph.query("corrections", source="sindilab") == [
        {
            "source": "https://w3id.org/stkg/source/sindilab",
            "position": "line 3",
            "record": "https://w3id.org/stkg/paper/graphst-2023",
            "field": "year",
            "listed": "2022",
            "corrected": "2023",
            "evidence": ["doi:10.1038/s41467-023-36796-3", "museumst:row 449"],
        }
    ]


def test_trends_on_the_toy(toy_graph: KnowledgeGraph) -> None:
    assert toy_graph.query("trends") == [{"year": y, "methods": n} for y, n in ((2022, 2), (2023, 1), (2024, 1))]


def test_authors_stand_in_their_order(toy_graph: KnowledgeGraph) -> None:
    row = toy_graph.query("papers", author="K. Dong", since=2023)[0]
    assert row["authors"] == ["Xiang Zhou", "K. Dong", "Shihua Zhang"]


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_of_every_query_is_answered(
    real_graph: KnowledgeGraph, second_engine: KnowledgeGraph, name: str
) -> None:
    """Each query gives at least the rows it promises, and rdflib gives the same."""
    query = real_graph.stored_query(name)
    rows = real_graph.query(name, **query.sample)
    assert len(rows) >= query.least_rows
    assert rows == second_engine.query(name, **query.sample)
    for row in rows:
        assert list(row) == [column.name for column in query.columns]


def test_the_headline_question_agrees_with_the_records(real_graph: KnowledgeGraph, real_catalog: Catalog) -> None:
    """The answer is worked out a second time from the records, without RDF."""
    narrower = {"cell-type-deconvolution"}
    while more := {k for k, t in real_catalog.tasks.items() if narrower & set(t.broader)} - narrower:
        narrower |= more
    expected = set()
    for key, method in real_catalog.methods.items():
        introduced = [real_catalog.papers[p.paper].year for p in method.papers if p.role == "introduces"]
        first = method.repository.first_commit.year if method.repository and method.repository.first_commit else None
        year = next((y for y in introduced if y), None) or first
        if (
            method.scope == "spatial"
            and method.status == "current"
            and narrower & {t.task for t in method.tasks}
            and any(f.framework == "pytorch" and f.use == "imports" for f in method.frameworks)
            and year
            and year >= 2022
        ):
            expected.add(f"https://w3id.org/stkg/method/{key}")
    rows = real_graph.query("methods", **HEADLINE)
    assert {row["method"] for row in rows} == expected
    assert len(rows) >= 10


@pytest.mark.parametrize("task", ["spot deconvolution", "https://w3id.org/stkg/task/cell-type-deconvolution"])
def test_the_headline_question_in_other_words(
    real_graph: KnowledgeGraph, second_engine: KnowledgeGraph, task: str
) -> None:
    command = [sys.executable, "-m", "kg.cli", "query", "methods", "--task", task, "--framework", "pytorch"]
    done = subprocess.run([*command, "--since", "2022", "--format", "json"], capture_output=True, check=True)
    rows = json.loads(done.stdout)
    assert rows == list(real_graph.query("methods", **HEADLINE))
    assert rows == list(second_engine.query("methods", **HEADLINE))
    assert {type(row["year"]) for row in rows} == {int}
